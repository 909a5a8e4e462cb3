package dev.lepton.platform.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs for a PATH that has only what the test puts there. */
final class Tools {

    private static final List<String> USUAL =
            List.of(
                    "basename",
                    "cat",
                    "chmod",
                    "cp",
                    "date",
                    "dirname",
                    "env",
                    "find",
                    "grep",
                    "head",
                    "mkdir",
                    "mv",
                    "pwd",
                    "readlink",
                    "rm",
                    "sed",
                    "sh",
                    "sleep",
                    "tail",
                    "tee",
                    "touch",
                    "tr",
                    "uname");

    private static final Path USUAL_TOOLS = linkUsualTools();

    private Tools() {}

    /** A folder with links to the usual tools, and neither a {@code java} nor an {@code mvn}. */
    static Path usual() {
        return USUAL_TOOLS;
    }

    private static Path linkUsualTools() {
        try {
            // A folder for each JVM: two run tests at the same time, and would meet in a shared
            // one.
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path folder = Files.createTempDirectory(target, "usual-tools-");
            for (String tool : USUAL) {
                Optional<Path> program = find(tool);
                if (program.isPresent()) {
                    Files.createSymbolicLink(folder.resolve(tool), program.get());
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a program is, on the PATH of these tests. */
    static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The POSIX shells of this machine; the first one runs what says {@code #!/bin/sh}. */
    static Stream<List<String>> shells() {
        return Stream.of(
                        List.of("sh"),
                        List.of("dash"),
                        List.of("bash"),
                        List.of("ksh"),
                        List.of("zsh", "--emulate", "sh"),
                        List.of("busybox", "sh"))
                .flatMap(shell ->
                        find(shell.getFirst()).stream()
                                .map(path ->
                                        Stream.concat(
                                                        Stream.of(path.toString()),
                                                        shell.stream().skip(1))
                                                .toList()));
    }

    static Path script(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder that looks like a JDK of this version; its {@code java} prints its arguments. */
    static Path jdk(Path home, String version) {
        script(home.resolve("bin/java"), "#!/bin/sh\nprintf 'java %s\\n' \"$@\"\n");
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        try {
            Files.writeString(
                    home.resolve("release"),
                    "IMPLEMENTOR=\"A test\"\nJAVA_VERSION=\"" + version + "\"\nLIBC=\"gnu\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return home;
    }
}
