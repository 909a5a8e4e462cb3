package dev.lepton.cli.running;

import dev.lepton.cli.home.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * The supervisor's own AOT cache. The supervisor makes it in its first quiet minute; its next start
 * uses it. The name holds all that the cache depends on, so that one that does not fit is not used.
 */
record SupervisorAot(Path cache) {

    static SupervisorAot of(Home home, Path java, List<String> jvmOptions, Path jar)
            throws IOException {
        String dependsOn =
                "%s %s %s %s %d %s"
                        .formatted(
                                java,
                                System.getProperty("java.vm.version"),
                                jvmOptions,
                                jar,
                                Files.size(jar),
                                Files.getLastModifiedTime(jar));
        String key =
                UUID.nameUUIDFromBytes(dependsOn.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "")
                        .substring(0, 12);
        return new SupervisorAot(home.aot().resolve("_supervisor-" + key + ".aot"));
    }

    /** What makes the JVM use it; none while it is not there. */
    List<String> options() {
        return Files.isRegularFile(cache)
                ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot+codecache*=off")
                : List.of();
    }
}
