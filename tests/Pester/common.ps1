# Dot-sourced in BeforeAll of every test file: the module as it was built into this repository.
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module (Join-Path $root 'VoiceCore.Istio.psd1') -Force -ErrorAction Stop
