// A program that behaves as REPLAY says, so that the runner of istioctl is tested with a real child process:
//   a folder     prints the recording's standard output and standard error and ends with its exit code
//   hang         never ends; writes its process id to the file REPLAY_PID
//   child        starts a child that hangs, and hangs
//   orphan       starts a child that hangs and keeps the pipes open, and ends with 0
//   flood        prints 20 MB on each output
//   arguments    prints its arguments, its folder's files and KUBECONFIG, line by line
//   input        ends with 0 if standard input is at its end
// REPLAY may name several, "subcommand=behaviour|…", for calls that follow each other.
using System.Diagnostics;
using System.Text;

var replay = args is ["--child", ..]
    ? "hang"
    : (Environment.GetEnvironmentVariable("REPLAY") ?? "").Split('|').Select(part => part.Split('=', 2)).First(part => part.Length == 1 || part[0] == args[0])[^1];

switch (replay)
{
    case "hang":
        File.AppendAllText(Environment.GetEnvironmentVariable("REPLAY_PID")!, $"{Environment.ProcessId}\n");
        Thread.Sleep(Timeout.Infinite);
        return 1;

    case "child" or "orphan":
        using (Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--child"])))
        {
            var file = Environment.GetEnvironmentVariable("REPLAY_PID")!;
            while (!File.Exists(file) || new FileInfo(file).Length == 0)
                Thread.Sleep(10);
        }

        if (replay == "child")
            Thread.Sleep(Timeout.Infinite);
        return 0;

    case "flood":
        var megabyte = new string('x', 1023) + "\n";
        for (var kilobytes = 0; kilobytes < 20 * 1024; kilobytes++)
        {
            Console.Out.Write(megabyte);
            Console.Error.Write(megabyte);
        }

        return 0;

    case "arguments":
        Console.OutputEncoding = Encoding.UTF8;
        foreach (var argument in args)
            Console.WriteLine(argument);
        foreach (var file in Directory.EnumerateFiles(".").Order(StringComparer.Ordinal))
            Console.WriteLine($"{Path.GetFileName(file)}: {File.ReadAllText(file)}");
        Console.WriteLine($"KUBECONFIG={Environment.GetEnvironmentVariable("KUBECONFIG")}");
        return 0;

    case "input":
        return Console.In.Peek() == -1 ? 0 : 1;

    default:
        Copy("stdout", Console.OpenStandardOutput());
        Copy("stderr", Console.OpenStandardError());
        return int.Parse(File.ReadAllText(Path.Combine(replay, "exit-code")), System.Globalization.CultureInfo.InvariantCulture);
}

void Copy(string name, Stream target)
{
    using (target)
    {
        foreach (var file in Directory.EnumerateFiles(replay, name + ".*"))
            target.Write(File.ReadAllBytes(file));
    }
}
