"""Measures, one module each; the command line gives each a command."""
