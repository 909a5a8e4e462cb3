package dev.lepton.client.unit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * The random name of one process start; a start-id that was superseded or has exited is refused for
 * ever.
 */
public record StartId(@JsonValue UUID value) {

    private static final int LENGTH = 36;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static StartId parse(String text) {
        try {
            if (text.length() != LENGTH) {
                throw new IllegalArgumentException(text.length() + " characters");
            }
            return new StartId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "start id must be a UUID such as 0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11", e);
        }
    }

    public static StartId random() {
        return new StartId(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
