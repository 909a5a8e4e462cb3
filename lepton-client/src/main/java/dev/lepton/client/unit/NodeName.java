package dev.lepton.client.unit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name of a host that has a supervisor. */
public record NodeName(@JsonValue String value) {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeName {
        Names.require(
                "node name",
                value,
                ALLOWED,
                "1 to 128 letters, digits, '.', '_' or '-', a letter or digit first");
    }

    @Override
    public String toString() {
        return value;
    }
}
