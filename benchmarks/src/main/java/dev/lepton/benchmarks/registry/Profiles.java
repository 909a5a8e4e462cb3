package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.process.JvmProfile;
import dev.lepton.benchmarks.process.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What registries spend their processor time in, by the innermost code that is not the JDK's. */
record Profiles(Stage stage, Duration length) {

    /** In the order in which they are looked at. */
    private enum Layer {
        TOMCAT("Tomcat", "org.apache."),
        JACKSON("Jackson", "tools.jackson.", "com.fasterxml.", "com.thoughtworks."),
        SPRING("Spring, Micrometer", "org.springframework.", "io.micrometer."),
        JERSEY("Jersey", "org.glassfish.", "jakarta.", "com.sun."),
        EUREKA("Eureka", "com.netflix."),
        LEPTON("Lepton", "dev.lepton."),
        DATABASE("PostgreSQL's driver", "org.postgresql.", "com.zaxxer."),
        OTHER("others");

        private final String title;
        private final List<String> prefixes;

        Layer(String title, String... prefixes) {
            this.title = title;
            this.prefixes = List.of(prefixes);
        }

        static Layer of(List<String> stack) {
            return stack.stream()
                    .filter(type ->
                            !type.startsWith("java.")
                                    && !type.startsWith("jdk.")
                                    && !type.startsWith("sun."))
                    .findFirst()
                    .flatMap(type ->
                            Arrays.stream(values())
                                    .filter(layer ->
                                            layer.prefixes.stream().anyMatch(type::startsWith))
                                    .findFirst())
                    .orElse(OTHER);
        }
    }

    /** Loads a registry for the length of a profile. */
    @FunctionalInterface
    interface Loading {
        void load(Stage stage, Contender contender) throws IOException, InterruptedException;
    }

    String of(List<Contender> contenders, Loading loading)
            throws IOException, InterruptedException {
        StringBuilder table =
                new StringBuilder(
                        "Processor time of the Java threads under single beats, by the innermost code that is not the JDK's:\n\n| | "
                                + Arrays.stream(Layer.values())
                                        .map(layer -> layer.title)
                                        .collect(Collectors.joining(" | "))
                                + " | samples |\n"
                                + "| --- ".repeat(Layer.values().length + 2)
                                + "|\n");
        for (Contender contender : contenders) {
            Path file = stage.folder().resolve(contender.title() + ".jfr");
            JvmProfile.start(stage, contender.process().handle().pid(), file, length);
            loading.load(stage, contender);
            table.append(row(contender.title(), JvmProfile.stacks(file)));
        }
        return table.toString();
    }

    private static String row(String title, List<List<String>> stacks) {
        Map<Layer, Long> samples =
                stacks.stream().collect(Collectors.groupingBy(Layer::of, Collectors.counting()));
        return Arrays.stream(Layer.values())
                .map(layer ->
                        String.format(
                                Locale.ROOT,
                                " %.0f %% |",
                                100.0
                                        * samples.getOrDefault(layer, 0L)
                                        / Math.max(1, stacks.size())))
                .collect(
                        Collectors.joining(
                                "", "| " + title + " |", " %d |\n".formatted(stacks.size())));
    }
}
