"""The whole program on virtual time, in one process, with everything that can go wrong: `python -m bot simulate`.

`loop` schedules by the dice and moves time; `life` is one run of the program and the step at which it dies; `wire`,
`wire_wecom` and `memory` stand for the network and the disk; `plan` is what people mean to do and what goes wrong;
`people` do it with their `phones`, whichever platform those are on; `model` remembers what they did; `checks` hold it
against phones and rows."""
