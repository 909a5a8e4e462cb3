package dev.lepton.registry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTests {

    @TempDir Path folder;

    @Test
    void theFirstStartMakesAPrivateFileInAPrivateFolder() throws IOException {
        Path file = folder.resolve("home/token");

        String made = new TokenFile(file).readOrMake().header();

        assertThat(made).matches("Bearer [A-Za-z0-9_-]{43}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("home"))))
                .isEqualTo("rwx------");
        assertThat(new TokenFile(file).readOrMake().header()).isEqualTo(made);
    }

    @Test
    void manyProcessesThatStartAtOnceAgreeOnOneToken() throws Exception {
        Path file = folder.resolve("home/token");
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<String> start = () -> new TokenFile(file).readOrMake().header();
            List<String> tokens =
                    threads.invokeAll(Stream.generate(() -> start).limit(8).toList()).stream()
                            .map(java.util.concurrent.Future::resultNow)
                            .distinct()
                            .toList();

            assertThat(tokens).hasSize(1);
        }
        try (Stream<Path> files = Files.list(folder.resolve("home"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "x".repeat(43));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatExceptionOfType(TokenRefused.class)
                .isThrownBy(() -> new TokenFile(file).readOrMake())
                .withMessageContaining("rw-r--r--")
                .withMessageContaining("chmod 600");
    }

    @Test
    void aGroupMayReadItAsContainersWantIt() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "x".repeat(43));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        assertThat(new TokenFile(file).readOrMake().header()).endsWith("x".repeat(43));
    }

    @Test
    void aSecretThatNobodyMayWriteMayBeReadByAll() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "x".repeat(43));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));

        assertThat(new TokenFile(file).readOrMake().header()).endsWith("x".repeat(43));
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("token"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatExceptionOfType(TokenRefused.class)
                .isThrownBy(() -> new TokenFile(file).readOrMake())
                .withMessageContaining(file.toString())
                .withMessageContaining("at least 16 characters");
    }
}
