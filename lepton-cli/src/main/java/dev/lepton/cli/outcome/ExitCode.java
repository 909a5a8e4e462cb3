package dev.lepton.cli.outcome;

import java.util.List;

/** The exit codes of every command; those above 64 are the ones of BSD's {@code sysexits.h}. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "failed; the message says why"),
    USAGE(2, "the command line is wrong"),
    NOTHING_RUNS(69, "nothing runs here, or it cannot be reached"),
    ANOTHER_RUNS(75, "another supervisor runs on this folder"),
    REFUSED(77, "a guard rail refuses it; nothing was done"),
    CONFIGURATION(78, "lepton.yml or a setting is wrong");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    public static List<ExitCode> all() {
        return List.of(values());
    }
}
