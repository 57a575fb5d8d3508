"""Run the command line: ``python -m pipeline``."""

import sys

if __name__ == "__main__":
    try:
        from pipeline.cli.main import main
    except ModuleNotFoundError as missing:  # before anything that could say it better is there
        sys.exit(
            f"Error: The project's packages must be installed. Got no module {missing.name!r} in {sys.executable}.\n"
            "Try: . .venv/bin/activate"
        )
    sys.exit(main())
