"""Who is in a class, without a database."""

from typing import TypeVar, cast

from handlers.questions import Expected, Question, Register, RegisterView

T = TypeVar("T")


class Named:
    """Answers that, and how many it has, and nothing else."""

    def __init__(self, register: RegisterView) -> None:
        self._register = register

    def __call__(self, question: Question[T]) -> T:
        if isinstance(question, Expected):
            return cast(T, len(self._register.pupils))
        assert isinstance(question, Register)
        return cast(T, self._register)
