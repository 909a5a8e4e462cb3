package dev.lepton.client.incident;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lepton.client.unit.Texts;

/** What a drill does to the process of a unit. */
public enum DrillFault {
    /** It is killed, as by {@code kill -9}. */
    @JsonProperty("kill")
    KILL("kill", "SIGKILL"),
    /** It is stopped, as by {@code kill -STOP}: it lives, and does nothing. */
    @JsonProperty("hang")
    HANG("hang", "SIGSTOP");

    private final String word;
    private final String signal;

    DrillFault(String word, String signal) {
        this.word = word;
        this.signal = signal;
    }

    /** As the protocol and the command line write it. */
    public String word() {
        return word;
    }

    public String signal() {
        return signal;
    }

    /**
     * @throws IllegalArgumentException when there is none of this word
     */
    public static DrillFault parse(String word) {
        for (DrillFault fault : values()) {
            if (fault.word.equals(word)) {
                return fault;
            }
        }
        throw new IllegalArgumentException(
                "fault '%s' must be kill or hang".formatted(Texts.fitted(word, 40)));
    }
}
