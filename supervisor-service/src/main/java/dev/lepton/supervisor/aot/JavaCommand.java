package dev.lepton.supervisor.aot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command of a Java program that is started from a jar.
 *
 * @param options of the JVM
 * @param arguments of the program
 */
record JavaCommand(String java, List<String> options, String jar, List<String> arguments) {

    private static final String JAR = "-jar";

    public JavaCommand {
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /** Empty when the command is none of that kind. */
    static Optional<JavaCommand> find(List<String> words) {
        int jar = words.indexOf(JAR);
        return jar < 1 || jar + 1 >= words.size()
                ? Optional.empty()
                : Optional.of(
                        new JavaCommand(
                                words.getFirst(),
                                words.subList(1, jar),
                                words.get(jar + 1),
                                words.subList(jar + 2, words.size())));
    }

    JavaCommand with(List<String> moreOptions) {
        List<String> all = new ArrayList<>(options);
        all.addAll(moreOptions);
        return new JavaCommand(java, all, jar, arguments);
    }

    List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(java);
        words.addAll(options);
        words.add(JAR);
        words.add(jar);
        words.addAll(arguments);
        return words;
    }

    /** Starts the JVM with the jar's class path, and nothing of the program. */
    List<String> wordsOfVersion() {
        List<String> words = new ArrayList<>();
        words.add(java);
        words.addAll(options);
        words.addAll(List.of("-cp", jar, "-version"));
        return words;
    }
}
