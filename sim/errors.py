"""The one exception for what a user can put right; the command line prints it as one line and exits with 2."""


class UserError(Exception):
    """Names the file or option, what is wrong with it, and what to do; one line."""


def extra_missing(what: str, extra: str) -> UserError:
    """To be raised where something needs an extra of this package that is not installed. It is not on PyPI."""
    return UserError(f'{what} needs more than is installed: in the clone, pip install -e ".[{extra}]"')
