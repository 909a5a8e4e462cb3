package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.build.Script.Outcome;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What somebody sees who types {@code mvn} with an older JDK. */
class PlainMavenIT {

    @Test
    void onAnOlderJdkTheBuildIsRefusedWithWhatToDo() throws IOException {
        Optional<Path> maven = Tools.find("mvn");
        Optional<Path> older = olderJdk();
        Required.that(maven.isPresent(), "there is no mvn on the PATH");
        Required.that(
                older.isPresent(), "no JDK 17 to 24 is installed beside the one of these tests");

        Outcome outcome =
                Script.of(maven.orElseThrow(), "-B", "-o", "-N")
                        .arguments(
                                "-Dmaven.repo.local=" + System.getProperty("lepton.repository"),
                                "verify")
                        .in(Checkout.root())
                        .with("PATH", System.getenv("PATH"))
                        .with("HOME", System.getProperty("user.home"))
                        .with("JAVA_HOME", older.orElseThrow())
                        .run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output().replace("[ERROR] ", ""))
                .contains("Lepton needs a JDK 25 or later, and this Maven runs on an older one.")
                .contains(whatFindJdkSaysToInstall());
    }

    private static String whatFindJdkSaysToInstall() {
        String message =
                Script.of("/bin/sh", Checkout.root().resolve(".mvn/find-jdk"))
                        .with("PATH", Tools.usual())
                        .with("LEPTON_JDK_DIRS", "")
                        .run()
                        .errors();
        assertThat(message)
                .startsWith("Lepton needs a JDK 25 or later, and ")
                .contains("Install Eclipse Temurin 25");
        return message.substring(message.indexOf("Install "));
    }

    private static Optional<Path> olderJdk() throws IOException {
        Path siblings = Path.of(System.getProperty("java.home")).toRealPath().getParent();
        try (Stream<Path> homes = Files.list(siblings)) {
            return homes.filter(home -> major(home) >= 17 && major(home) < 25).findFirst();
        }
    }

    private static int major(Path home) {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        } catch (IOException e) {
            // Not a JDK.
            return 0;
        }
        String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }
}
