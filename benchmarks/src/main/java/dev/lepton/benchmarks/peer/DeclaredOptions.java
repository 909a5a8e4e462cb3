package dev.lepton.benchmarks.peer;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JVM options that {@code lepton.yml} gives a service. */
final class DeclaredOptions {

    private DeclaredOptions() {}

    static List<String> of(String declaration, String service) {
        Matcher found =
                Pattern.compile(
                                "(?m)^  %s:\\n(?:(?:    .*|\\s*)\\n)*?    java-options: \\[(.*)]$"
                                        .formatted(Pattern.quote(service)))
                        .matcher(declaration);
        if (!found.find()) {
            throw new IllegalArgumentException(
                    "lepton.yml gives '" + service + "' no java-options");
        }
        return List.of(found.group(1).split(", *"));
    }
}
