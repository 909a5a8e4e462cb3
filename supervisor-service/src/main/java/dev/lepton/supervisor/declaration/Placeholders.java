package dev.lepton.supervisor.declaration;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code ${name}} parts of a declaration's texts. */
public final class Placeholders {

    static final String ENVIRONMENT = "env:";
    static final String MANAGEMENT_PORT = "management-port";
    private static final TreeSet<String> NAMES =
            new TreeSet<>(List.of("home", "java", "port", MANAGEMENT_PORT, "unit", "node"));
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    private Placeholders() {}

    /** Fills in every placeholder; the reader has made sure that each has a value. */
    public static String resolve(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> {
                    String value = values.get(match.group(1));
                    if (value == null) {
                        throw new IllegalArgumentException(
                                "placeholder ${" + match.group(1) + "} has no value here");
                    }
                    return Matcher.quoteReplacement(value);
                });
    }

    /** Fills in the {@code ${env:NAME}} ones alone. */
    static String resolveEnvironment(String text, Map<String, String> environment) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> {
                    String name = match.group(1);
                    String value =
                            name.startsWith(ENVIRONMENT)
                                    ? environment.get(name.substring(ENVIRONMENT.length()))
                                    : null;
                    return Matcher.quoteReplacement(value == null ? match.group() : value);
                });
    }

    /** What is wrong with the placeholders of a text, null when nothing is. */
    static @Nullable String problem(
            String text, Map<String, String> environment, boolean hasManagementPort) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (name.startsWith(ENVIRONMENT)) {
                if (!environment.containsKey(name.substring(ENVIRONMENT.length()))) {
                    return "%s names an environment variable that is not set"
                            .formatted(matcher.group());
                }
            } else if (!NAMES.contains(name)) {
                return "unknown placeholder %s%s; the known ones are %s and env:NAME"
                        .formatted(
                                matcher.group(),
                                NearestName.hint(name, NAMES),
                                String.join(", ", NAMES));
            } else if (name.equals(MANAGEMENT_PORT) && !hasManagementPort) {
                return "${management-port} needs 'management-port' to be declared";
            }
        }
        return null;
    }
}
