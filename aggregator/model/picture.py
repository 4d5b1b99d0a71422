"""A picture of an event as we serve it: ours in bytes and address, whoever's it was before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in two sizes, in pixels. `name` is a hash of its bytes: what is at its address never changes."""

    name: str
    width: int
    height: int
    small_width: int
    small_height: int

    @property
    def large(self) -> str:
        """The path of the large one."""
        return f"/bild/{self.name}.jpg"

    @property
    def small(self) -> str:
        """The path of the small one."""
        return f"/bild/{self.name}-liten.jpg"
