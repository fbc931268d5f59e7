"""How a program reads the variable `NAME` of its environment, by the ending of its file."""

from collections.abc import Mapping

READS: Mapping[str, str] = {
    ".py": 'os.environ["NAME"]',
    ".js": "process.env.NAME",
    ".mjs": "process.env.NAME",
    ".cjs": "process.env.NAME",
    ".ts": "process.env.NAME!",
    ".go": 'os.Getenv("NAME")',
    ".java": 'System.getenv("NAME")',
    ".kt": 'System.getenv("NAME")',
    ".scala": 'sys.env("NAME")',
    ".rb": 'ENV.fetch("NAME")',
    ".php": 'getenv("NAME")',
    ".cs": 'System.Environment.GetEnvironmentVariable("NAME")',
}
"""Those whose programs are edited."""
