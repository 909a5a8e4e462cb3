package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.platform.build.Script.Outcome;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No file names the host of a package registry: where libraries come from is a setting of the
 * machine, whose mirror such a name would pass over.
 */
class RegistryHostsIT {

    /** Assembled, for this file is looked through as well. */
    private static final Pattern HOST =
            Pattern.compile(
                    String.join(
                            "|",
                            host("repo", "maven", "apache", "org"),
                            host("repo1", "maven", "org"),
                            host("registry", "npmjs", "org"),
                            host("deb", "debian", "org"),
                            "https?://[^\\s\"'<>]*/" + "maven2"),
                    Pattern.CASE_INSENSITIVE);

    @Test
    void noFileOfTheCheckoutNamesOne() {
        List<Path> files = trackedFiles();

        assertThat(files)
                .contains(Path.of("pom.xml"), Path.of(".mvn/wrapper/maven-wrapper.properties"));
        assertThat(files.stream().flatMap(RegistryHostsIT::lines).filter(Line::namesAHost))
                .isEmpty();
    }

    static Stream<String> linesThatNameOne() {
        return Stream.of(
                "https://" + name("repo", "maven", "apache", "org") + "/x",
                "<url>http://" + name("REPO1", "maven", "org") + "</url>",
                "registry=https://" + name("registry", "npmjs", "org") + "/",
                "deb http://" + name("deb", "debian", "org") + "/debian bookworm main",
                "http://localhost:8081/a/" + name("maven2") + "/");
    }

    @ParameterizedTest
    @MethodSource("linesThatNameOne")
    void linesThatNameOneAreFound(String line) {
        assertThat(new Line(Path.of("a"), 1, line).namesAHost()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://maven.apache.org/POM/4.0.0", "org/apache/maven", "maven2"})
    void otherLinesAreNot(String line) {
        assertThat(new Line(Path.of("a"), 1, line).namesAHost()).isFalse();
    }

    private static String host(String... labels) {
        return Pattern.quote(name(labels));
    }

    private static String name(String... labels) {
        return String.join(".", labels);
    }

    private static List<Path> trackedFiles() {
        Path root = Checkout.root();
        assumeTrue(Tools.find("git").isPresent(), "there is no git on the PATH");
        assumeTrue(Files.exists(root.resolve(".git")), "the checkout is none of git's");
        Outcome outcome =
                Script.of("git", "-c", "safe.directory=*", "ls-files", "-z")
                        .with("PATH", System.getenv("PATH"))
                        .in(root)
                        .run();
        assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
        assumeTrue(!outcome.output().isEmpty(), "nothing was added to git yet");
        return Stream.of(outcome.output().split("\0")).map(Path::of).toList();
    }

    private static Stream<Line> lines(Path file) {
        Path whole = Checkout.root().resolve(file);
        if (!Files.isRegularFile(whole)) {
            // Deleted and not yet committed, or a link to a folder.
            return Stream.empty();
        }
        try {
            // Every byte is a character, so that no file is left out for its encoding.
            List<String> texts =
                    new String(Files.readAllBytes(whole), StandardCharsets.ISO_8859_1)
                            .lines()
                            .toList();
            return Stream.iterate(0, i -> i < texts.size(), i -> i + 1)
                    .map(i -> new Line(file, i + 1, texts.get(i)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Line(Path file, int number, String text) {

        boolean namesAHost() {
            return HOST.matcher(text).find();
        }
    }
}
