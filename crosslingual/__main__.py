"""``python -m crosslingual`` is ``crosslingual``."""

from crosslingual.cli import main

main()
