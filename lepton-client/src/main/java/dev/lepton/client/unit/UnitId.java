package dev.lepton.client.unit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of a slot that one process at a time fills, such as {@code worker-1}; it outlives node
 * and process.
 */
public record UnitId(@JsonValue String value) implements Comparable<UnitId> {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UnitId {
        Names.require(
                "unit id",
                value,
                ALLOWED,
                "1 to 128 letters, digits, '.', '_', ':' or '-', a letter or digit first");
    }

    @Override
    public int compareTo(UnitId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
