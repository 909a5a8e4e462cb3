package dev.lepton.cli.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.cli.outcome.CommandFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppFolderTests {

    @TempDir private Path folder;

    private final List<Path> extractions = new ArrayList<>();
    private Path jar;
    private Path apps;
    private AppFolder app;

    @BeforeEach
    void aJarIsBuilt() throws IOException {
        apps = Files.createDirectory(folder.resolve("app"));
        jar = Files.writeString(folder.resolve("x-service-0.1.0-exec.jar"), "first");
        app =
                new AppFolder(
                        apps,
                        (from, to) -> {
                            extractions.add(from);
                            layout(to, "lib/a.jar", "lib/a.jar");
                        });
    }

    @Test
    void theFirstCopyIsNamedAfterItsModule() throws IOException {
        boolean made = app.update("x-service", jar);

        assertThat(made).isTrue();
        assertThat(app.jar("x-service")).isEqualTo(apps.resolve("x-service/x-service.jar"));
        assertThat(app.jar("x-service")).isRegularFile();
        assertThat(apps.resolve("x-service/lib/a.jar")).isRegularFile();
        assertThat(names(apps)).containsExactly("x-service");
    }

    @Test
    void aJarThatHasNotChangedIsNotCopiedAgain() throws IOException {
        app.update("x-service", jar);

        assertThat(app.update("x-service", jar)).isFalse();
        assertThat(extractions).hasSize(1);
    }

    @Test
    void aJarThatWasOnlyTouchedIsNotCopiedAgainNorReadTwice() throws IOException {
        app.update("x-service", jar);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));

        assertThat(app.update("x-service", jar)).isFalse();

        assertThat(Stamp.read(apps.resolve("x-service/.stamp")).looksLike(jar)).isTrue();
    }

    @Test
    void otherContentOfTheSameLengthIsCopied() throws IOException {
        app.update("x-service", jar);
        Files.writeString(jar, "FIRST");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));

        assertThat(app.update("x-service", jar)).isTrue();
        assertThat(app.update("x-service", jar)).isFalse();
        assertThat(extractions).hasSize(2);
    }

    @Test
    void aCopyWithoutItsJarOrWithABrokenStampIsMadeAgain() throws IOException {
        app.update("x-service", jar);
        Files.delete(app.jar("x-service"));
        assertThat(app.update("x-service", jar)).isTrue();
        Files.writeString(apps.resolve("x-service/.stamp"), "1 x y");
        assertThat(app.update("x-service", jar)).isTrue();
        Files.delete(apps.resolve("x-service/.stamp"));
        assertThat(app.update("x-service", jar)).isTrue();
    }

    @Test
    void whatAnInterruptedCopyLeftIsNoObstacle() throws IOException {
        Files.createDirectories(apps.resolve(".x-service-next/lib"));
        Files.writeString(apps.resolve(".x-service-next/half.jar"), "half");
        Files.createDirectories(apps.resolve(".x-service-previous/lib"));

        app.update("x-service", jar);

        assertThat(names(apps)).containsExactly("x-service");
    }

    @Test
    void aCopyThatFailsLeavesTheOldOne() throws IOException {
        app.update("x-service", jar);
        Files.writeString(jar, "second");
        AppFolder failing =
                new AppFolder(
                        apps,
                        (_, _) -> {
                            throw new IOException("disk full");
                        });

        assertThatThrownBy(() -> failing.update("x-service", jar)).isInstanceOf(IOException.class);

        assertThat(app.jar("x-service")).isRegularFile();
    }

    @Test
    void aLayoutWhoseClassPathLeadsNowhereIsRefused() {
        AppFolder wrong = new AppFolder(apps, (_, to) -> layout(to, "lib/b.jar", "lib/a.jar"));

        assertThatThrownBy(() -> wrong.update("x-service", jar))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining(jar.toString());
        assertThat(apps.resolve("x-service")).doesNotExist();
    }

    @Test
    void aLayoutWithoutAnApplicationIsRefused() {
        AppFolder wrong = new AppFolder(apps, (_, to) -> Files.createDirectories(to));

        assertThatThrownBy(() -> wrong.update("x-service", jar)).isInstanceOf(CommandFailed.class);
    }

    private static void layout(Path to, String classPath, String library) throws IOException {
        Files.createDirectories(to.resolve("lib"));
        Files.writeString(to.resolve(library), "library");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (OutputStream out = Files.newOutputStream(to.resolve("x-service-0.1.0-exec.jar"))) {
            new JarOutputStream(out, manifest).close();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
