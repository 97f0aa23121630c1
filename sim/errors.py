"""The one exception for what a user can put right; the command line prints it as one line and exits with 2."""


class UserError(Exception):
    """Names the file or option, what is wrong with it, and what to do; one line."""
