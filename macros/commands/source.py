import click


@click.group()
def source() -> None:
    """X."""
