package dev.lepton.benchmarks.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs by their name. */
public final class Program {

    private Program() {}

    /** On the path, or where Debian puts servers. */
    public static Optional<Path> find(String name) {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static Path require(String name, String debianPackage) {
        return find(name)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "this benchmark needs '%s': apt install %s"
                                        .formatted(name, debianPackage)));
    }
}
