"""The command `newscast`."""


def main() -> int:
    return 0
