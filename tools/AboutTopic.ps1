# Turns a page about_*.md into the text that Get-Help shows: lines of at most 80 characters, without markup.

# A line of text in lines of the width that an indentation leaves, the first one behind a mark.
function Format-AboutLine([string] $Text, [int] $Indent, [string] $Mark = '') {
    $line = (' ' * $Indent) + $Mark
    $isEmpty = $true
    foreach ($word in -split $Text) {
        if (-not $isEmpty -and $line.Length + 1 + $word.Length -gt 80) {
            $line
            $line = ' ' * ($Indent + $Mark.Length)
            $isEmpty = $true
        }

        $line += if ($isEmpty) { $word } else { " $word" }
        $isEmpty = $false
    }

    $line
}

# Back quotes go; a link to a page becomes the page's name, any other link its address.
function ConvertFrom-AboutMarkup([string] $Text) {
    $Text -replace '\[([^\]]+)\]\((https?:[^)]+)\)', '$1 ($2)' -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '`' -replace '\\\|', '|'
}

# A row of a table: the first cell as a heading, the others below it with the names of their columns where there are several.
function Format-AboutRow([string[]] $Heads, [string[]] $Cells) {
    Format-AboutLine $Cells[0] 4
    for ($i = 1; $i -lt $Cells.Count; $i++) {
        $mark = if ($Cells.Count -gt 2 -and $Heads[$i] -ne 'Meaning') { "$($Heads[$i]): " }
        Format-AboutLine "$mark$($Cells[$i])" 8
    }
}

function ConvertTo-AboutTopic([string] $Markdown) {
    $paragraph = @()
    $heads = $null
    $isCode = $false
    $lines = foreach ($line in $Markdown.ReplaceLineEndings("`n").TrimEnd() -split "`n") {
        if ($paragraph -and ($isCode -or $line -notmatch '^[A-Za-z0-9`$\[*(-]' -or $line -match '^- |^```|^#|^\|')) {
            Format-AboutLine (ConvertFrom-AboutMarkup ($paragraph -join ' ')) 4
            $paragraph = @()
        }

        if ($line -notmatch '^\|') { $heads = $null }
        switch -Regex ($line) {
            '^```' { $isCode = -not $isCode; break }
            { $isCode } { ('        ' + $line).TrimEnd(); break }
            '^# (.+)' { 'TOPIC'; "    $($Matches[1])"; break }
            '^## (.+)' { $Matches[1].ToUpperInvariant(); break }
            '^### (.+)' { Format-AboutLine (ConvertFrom-AboutMarkup $Matches[1]) 2; break }
            '^- (.+)' { Format-AboutLine (ConvertFrom-AboutMarkup $Matches[1]) 4 '- '; break }
            '^\|[-|]+\|$' { break }
            '^\|(.+)\|$' {
                $cells = $Matches[1] -split '(?<!\\)\|' | ForEach-Object { ConvertFrom-AboutMarkup $_.Trim() }
                if ($heads) { Format-AboutRow $heads $cells } else { $heads = $cells }
                break
            }
            '^$' { ''; break }
            default { $paragraph += $line }
        }
    }

    # A heading stands by its text.
    $text = ($lines -join "`n") -replace '(?m)^([A-Z][A-Z ,]+)\n\n', "`$1`n" -replace '(?m)^(  \S.*)\n\n', "`$1`n" -replace "`n{3,}", "`n`n"
    "$($text.TrimEnd())`n"
}
