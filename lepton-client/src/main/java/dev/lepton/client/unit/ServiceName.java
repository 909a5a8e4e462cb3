package dev.lepton.client.unit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The logical name under which requests find a service; it is a path segment of the gateway, hence
 * lower case.
 */
public record ServiceName(@JsonValue String value) implements Comparable<ServiceName> {

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ServiceName {
        Names.require(
                "service name",
                value,
                ALLOWED,
                "1 to 63 lower-case letters, digits, '.', '_' or '-', a letter or digit first");
    }

    @Override
    public int compareTo(ServiceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
