package dev.lepton.supervisor.aot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCachesTests {

    @TempDir Path folder;

    private AotCaches caches;
    private Path jar;

    @BeforeEach
    void aJar() throws IOException {
        caches = new AotCaches(Files.createDirectory(folder.resolve("aot")), "25.0.3+9");
        jar = Files.writeString(folder.resolve("app.jar"), "a jar");
    }

    @Test
    void aProgramWithoutACacheIsStartedAsItIs() {
        assertThat(caches.options("worker", command("-Xmx64m"))).isEmpty();
    }

    @Test
    void aProgramIsStartedWithTheCacheThatFits() throws IOException {
        Path cache = cacheOf("worker", command("-Xmx64m"));

        List<String> options = caches.options("worker", command("-Xmx64m")).orElseThrow();

        assertThat(options).first().isEqualTo("-XX:AOTCache=" + cache);
        assertThat(command("-Xmx64m").with(options).words())
                .containsSubsequence("/jdk/bin/java", "-Xmx64m", options.getFirst(), "-jar");
    }

    @Test
    void argumentsOfTheProgramDoNotMatter() throws IOException {
        cacheOf("worker", command("-Xmx64m"));

        assertThat(
                        caches.options(
                                "worker",
                                JavaCommand.find(
                                                List.of(
                                                        "/jdk/bin/java",
                                                        "-Xmx64m",
                                                        "-jar",
                                                        jar.toString(),
                                                        "--port=1"))
                                        .orElseThrow()))
                .isPresent();
    }

    @Test
    void otherFlagsHaveAnotherCache() throws IOException {
        cacheOf("worker", command("-Xmx64m"));

        assertThat(caches.options("worker", command("-Xmx65m"))).isEmpty();
    }

    @Test
    void anotherJarAtTheSamePlaceHasAnotherCache() throws IOException {
        cacheOf("worker", command());

        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));

        assertThat(caches.options("worker", command())).isEmpty();
    }

    @Test
    void anotherJavaHasAnotherCache() throws IOException {
        cacheOf("worker", command());

        AotCaches newer = new AotCaches(caches.folder(), "26+1");

        assertThat(newer.options("worker", command())).isEmpty();
    }

    @Test
    void onlyTheOlderCachesOfTheSameServiceAreRemoved() throws IOException {
        Path old = cacheOf("worker", command("-Xmx64m"));
        Path other = cacheOf("worker-more", command());
        Path current = cacheOf("worker", command("-Xmx65m"));

        caches.removeOthers("worker", current);

        assertThat(old).doesNotExist();
        assertThat(other).exists();
        assertThat(current).exists();
    }

    @Test
    void onlyACommandWithAJarIsOne() {
        assertThat(JavaCommand.find(List.of("sleep", "1"))).isEmpty();
        assertThat(JavaCommand.find(List.of("java", "-jar"))).isEmpty();
        assertThat(JavaCommand.find(List.of("-jar", "x.jar"))).isEmpty();
    }

    private Path cacheOf(String name, JavaCommand command) throws IOException {
        return Files.createFile(caches.file(name, command));
    }

    private JavaCommand command(String... options) {
        return new JavaCommand("/jdk/bin/java", List.of(options), jar.toString(), List.of());
    }
}
