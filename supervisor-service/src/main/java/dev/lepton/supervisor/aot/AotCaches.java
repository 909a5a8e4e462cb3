package dev.lepton.supervisor.aot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The folder of the caches. A cache is named by all that it depends on, so that another jar, other
 * flags or another Java have another cache, and one that does not fit is never used.
 *
 * @param javaVersion of the Java that units are run with
 */
public record AotCaches(Path folder, String javaVersion) {

    /**
     * The JVM complains at each start that its stubs are not those of the training when it has only
     * its quick compiler; it makes its own then.
     */
    private static final String QUIET = "-Xlog:aot+codecache*=off";

    private static final int KEY_CHARACTERS = 12;

    /** What makes the JVM use the cache of a program; empty while there is none that fits. */
    Optional<List<String>> options(String name, JavaCommand command) {
        Path file = file(name, command);
        return Files.isRegularFile(file)
                ? Optional.of(List.of("-XX:AOTCache=" + file, QUIET))
                : Optional.empty();
    }

    Path file(String name, JavaCommand command) {
        return folder.resolve("%s-%s.aot".formatted(name, key(command)));
    }

    /** Removes the caches that a service had before. */
    void removeOthers(String name, Path current) throws IOException {
        int length = name.length() + 1 + KEY_CHARACTERS + ".aot".length();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, name + "-*.aot")) {
            for (Path file : files) {
                if (!file.equals(current) && file.getFileName().toString().length() == length) {
                    Files.delete(file);
                }
            }
        }
    }

    private String key(JavaCommand command) {
        String all =
                String.join("\n", javaVersion, command.java(), String.join("\n", command.options()))
                        + stampOf(Path.of(command.jar()));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, KEY_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String stampOf(Path jar) {
        try {
            return "\n%s %d %s"
                    .formatted(jar, Files.size(jar), Files.getLastModifiedTime(jar).toInstant());
        } catch (IOException _) {
            // The start will say that the jar is missing; there is no cache of it.
            return "\n" + jar;
        }
    }
}
