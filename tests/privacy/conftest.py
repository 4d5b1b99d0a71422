"""The town, for tests of what goes wrong at the sources."""

from tests.town import readers, small_town, town  # noqa: F401 (fixtures)
