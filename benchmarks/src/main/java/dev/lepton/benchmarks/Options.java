package dev.lepton.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Options of a benchmark, {@code --name value}, each with its default. */
public final class Options {

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param defaults by name, such as {@code --rounds}
     */
    public Options(Map<String, String> defaults, List<String> arguments) {
        values.putAll(defaults);
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException(
                        "'%s' is no option; there are, with what they are by default: %s"
                                .formatted(name, new TreeMap<>(defaults)));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("'" + name + "' has no value");
            }
            values.put(name, arguments.get(i + 1));
        }
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no default for " + name);
        }
        return value;
    }

    public int number(String name) {
        String value = text(name);
        if (!value.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException(
                    "'%s' must be a whole number from 1 to 999999, and is '%s'"
                            .formatted(name, value));
        }
        return Integer.parseInt(value);
    }

    public String oneOf(String name, String... words) {
        String value = text(name);
        if (!List.of(words).contains(value)) {
            throw new IllegalArgumentException(
                    "'%s' must be one of %s, and is '%s'".formatted(name, List.of(words), value));
        }
        return value;
    }
}
