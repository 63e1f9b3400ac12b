"""Every error Fairline raises on purpose, in one tree.

    FairlineError
    ├── Transient          the same call may work later: retry with backoff
    │   ├── Busy           another command or owner is at work
    │   └── TooMany        the caller asks more often, or more at once, than is allowed
    ├── Permanent          the same call will fail again: dead-letter, alert once
    │   ├── BrokenContract a row or file breaks its contract
    │   ├── NotFound       nothing there: no game that day, no model, no quotes, unknown player
    │   └── Missing        a part of the installation is absent: an extra, a schema, a setting
    └── Refused            the caller asked for something unsound
        ├── LookAhead      a read past the cutoff
        ├── StaleLease     a write with an old fencing number
        ├── ImpossiblePrice odds no book could mean
        ├── ContractMismatch a model meets features it was not trained on
        ├── Stranger       a caller who does not say who he is, or says it wrongly
        ├── Forbidden      a known caller whose key does not allow it
        └── AlreadyOpen    a batch of that date and kind is open

Each message says what was wrong, where, and what to do next.
"""


class FairlineError(Exception):
    """What was wrong, where, and the next step (`hint`)."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Say what was wrong and where (message), and what to do next (hint)."""
        super().__init__(message)
        self.hint = hint


class Transient(FairlineError):
    """The same call may work later."""


class Busy(Transient):
    """Another command or owner is at work."""


class TooMany(Transient):
    """The caller asks more often, or more at once, than is allowed."""


class Permanent(FairlineError):
    """The same call will fail again."""


class BrokenContract(Permanent):
    """A row or file breaks its contract."""


class NotFound(Permanent):
    """Nothing there: no game that day, no model, no quotes, an unknown player."""


class Missing(Permanent):
    """A part of the installation is absent."""


class Refused(FairlineError):
    """The caller asked for something unsound."""


class LookAhead(Refused):
    """A read past the cutoff."""


class StaleLease(Refused):
    """A write with an old fencing number."""


class ImpossiblePrice(Refused):
    """Odds no book could mean."""


class ContractMismatch(Refused):
    """A model meets features it was not trained on."""


class Stranger(Refused):
    """A caller who does not say who he is, or says it wrongly."""


class Forbidden(Refused):
    """A known caller whose key does not allow it."""


class AlreadyOpen(Refused):
    """A batch of that date and kind is open."""
