package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lepton.platform.build.Script.Outcome;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mvnw} in a project of the test's own, with a repository on loopback. */
class MavenWrapperIT {

    private static final String PATH_OF_ARCHIVE =
            "/repo/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.zip"
                    .formatted(MavenArchive.VERSION);

    @TempDir private Path folder;
    private Path bin;
    private Path project;
    private Path home;
    private HttpServer repository;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void copyTheWrapper() throws IOException {
        bin = Files.createDirectories(folder.resolve("bin"));
        home = Files.createDirectories(folder.resolve("home"));
        project = Files.createDirectories(folder.resolve("a project"));
        Files.copy(Checkout.root().resolve("mvnw"), project.resolve("mvnw"));
        Path wrapper = Files.createDirectories(project.resolve(".mvn/wrapper"));
        Files.copy(Checkout.root().resolve(".mvn/find-jdk"), project.resolve(".mvn/find-jdk"));
        Files.copy(
                Checkout.root().resolve(".mvn/wrapper/MavenWrapperDownloader.java"),
                wrapper.resolve("MavenWrapperDownloader.java"));
        repository =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        repository.setExecutor(runs);
        repository.start();
    }

    @AfterEach
    void stop() {
        repository.stop(0);
        runs.close();
    }

    @ParameterizedTest
    @MethodSource("dev.lepton.platform.build.Tools#shells")
    void mavenOnThePathRunsOnTheJdkThatWasFound(List<String> shell) {
        Path jdk = Tools.jdk(folder.resolve("jdks/temurin 25"), "25.0.3");
        Path old = Tools.jdk(folder.resolve("old"), "17.0.15");
        mavenOnThePath("3.8.7");

        Outcome outcome =
                mvnw(shell)
                        .with("JAVA_HOME", old)
                        .with("LEPTON_JDK_DIRS", folder.resolve("jdks"))
                        .arguments("-q", "verify", "-Dtext=two words", "")
                        .run();

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.output())
                .isEqualTo("mvn on " + jdk + "\n[-q][verify][-Dtext=two words][]");
        assertThat(outcome.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.0", "3.8.7", "3.9.11", "3.10.0", "4.0.0-rc-5"})
    void mavenOnThePathIsUsedFrom38On(String version) {
        mavenOnThePath(version);

        assertThat(mvnw().run().output()).startsWith("mvn on ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.6.3", "3.7.9", "2.2.1", "unknown"})
    void anOlderMavenOnThePathIsNot(String version) throws IOException {
        mavenOnThePath(version);
        serve(MavenArchive.working());

        Outcome outcome = mvnw().arguments("verify").run();

        assertThat(outcome.output()).startsWith("fetched mvn on ").endsWith("[verify]");
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"3.9.11, true", "3.6.3, false"})
    void theVersionIsReadFromTheNameOfTheCoreLibraryWithoutAJvm(String version, boolean used)
            throws IOException {
        Path maven = folder.resolve("maven");
        Tools.script(maven.resolve("bin/mvn"), "#!/bin/sh\necho \"not asked: $*\"\n");
        Files.createDirectories(maven.resolve("lib"));
        Files.createFile(maven.resolve("lib/maven-core-" + version + ".jar"));
        Files.createSymbolicLink(bin.resolve("mvn"), maven.resolve("bin/mvn"));
        serve(MavenArchive.working());

        Outcome outcome = mvnw().arguments("verify").run();

        assertThat(outcome.output()).startsWith(used ? "not asked: verify" : "fetched mvn on ");
    }

    @Test
    void withoutMavenThePinnedOneIsFetchedOnce() throws IOException {
        serve(MavenArchive.working());

        Outcome first = mvnw().arguments("verify", "two words").run();
        Outcome second = mvnw().arguments("verify").run();

        assertThat(first.errors())
                .isEqualTo(
                        "mvnw: fetching Maven %s from %s%s\n"
                                .formatted(MavenArchive.VERSION, address(), PATH_OF_ARCHIVE));
        assertThat(first.output()).endsWith("[verify][two words]");
        assertThat(first.exitCode()).isZero();
        assertThat(second.errors()).isEmpty();
        assertThat(second.output()).endsWith("[verify]");
        assertThat(requests).containsExactly(PATH_OF_ARCHIVE);
        assertThat(dists()).hasSize(1).allMatch(name -> name.startsWith("apache-maven-3.9.99-"));
    }

    @Test
    void theWrapperWorksThroughALinkFromAnywhere() throws IOException {
        serve(MavenArchive.working());
        Path link = Files.createSymbolicLink(folder.resolve("link"), project.resolve("mvnw"));

        Outcome outcome = environment(Script.of("/bin/sh", link)).in(home).run();

        assertThat(outcome.output()).startsWith("fetched mvn on ");
    }

    @Test
    void runsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        serve(MavenArchive.working());
        List<Future<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            outcomes.add(runs.submit(() -> mvnw().arguments("verify").run()));
        }

        for (Future<Outcome> outcome : outcomes) {
            assertThat(outcome.get().errors()).doesNotContain("could not");
            assertThat(outcome.get().output()).endsWith("[verify]");
        }
        assertThat(dists()).hasSize(1);
    }

    @Test
    void aWrongChecksumIsRefusedAndNothingStays() throws IOException {
        MavenArchive archive = MavenArchive.working();
        String other = MavenArchive.withEntry("bin/mvn", "echo other").checksum();
        serve(archive, other);

        Outcome outcome = mvnw().run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .contains(
                        "wrong SHA-512, refused: it is %s and must be %s"
                                .formatted(archive.checksum(), other))
                .contains("set MVNW_REPOURL to a repository that has Maven 3.9.99");
        assertThat(dists()).isEmpty();
    }

    @Test
    void aDownloadThatBreaksOffLeavesNothing() throws IOException {
        MavenArchive archive = MavenArchive.working();
        properties(archive.checksum());
        handle(exchange -> {
            exchange.sendResponseHeaders(200, archive.zip().length);
            exchange.getResponseBody().write(archive.zip(), 0, archive.zip().length / 2);
            exchange.getResponseBody().flush();
            exchange.close();
        });

        Outcome outcome = mvnw().run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("could not fetch Maven from " + address());
        assertThat(dists()).isEmpty();
    }

    @Test
    void whatTheServerRefusesIsSaid() throws IOException {
        properties(MavenArchive.working().checksum());

        Outcome outcome = mvnw().run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("the server answered 404");
        assertThat(dists()).isEmpty();
    }

    @Test
    void anArchiveThatIsNoMavenIsRefused() throws IOException {
        serve(MavenArchive.withEntry("bin/gradle", "#!/bin/sh\n"));

        Outcome outcome = mvnw().run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("the archive has no bin/mvn");
        assertThat(dists()).isEmpty();
    }

    @Test
    void anArchiveThatWritesOutsideItsFolderIsRefused() throws IOException {
        serve(MavenArchive.withEntry("../../../evil", "evil"));

        Outcome outcome = mvnw().run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("leaves its folder");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).doesNotContain("evil");
        }
    }

    @Test
    void theCheckedInPropertiesPinAnApacheDistribution() throws IOException {
        assertThat(
                        Files.readAllLines(
                                Checkout.root().resolve(".mvn/wrapper/maven-wrapper.properties")))
                .anyMatch(line ->
                        line.matches(
                                "distributionUrl=https://archive\\.apache\\.org/dist/maven/"
                                        + "maven-3/([0-9.]+)/binaries/apache-maven-\\1-bin\\.zip"))
                .anyMatch(line -> line.matches("distributionSha512Sum=[0-9a-f]{128}"));
    }

    private void mavenOnThePath(String version) {
        Tools.script(
                bin.resolve("mvn"),
                """
                #!/bin/sh
                if [ "$1" = --version ]; then
                    printf '\\033[1mApache Maven %s\\033[m\\nMaven home: /somewhere\\n'
                    exit 0
                fi
                echo "mvn on $JAVA_HOME"
                printf '[%%s]' "$@"
                exit 7
                """
                        .formatted(version));
    }

    private Script mvnw() {
        return mvnw(List.of("/bin/sh"));
    }

    private Script mvnw(List<String> shell) {
        List<Object> command = new ArrayList<>(shell);
        command.add(project.resolve("mvnw"));
        return environment(Script.of(command.toArray())).in(project);
    }

    private Script environment(Script script) {
        return script.with("PATH", bin + ":" + Tools.usual())
                .with("HOME", home)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("MVNW_REPOURL", address() + "/repo");
    }

    private String address() {
        return "http://127.0.0.1:" + repository.getAddress().getPort();
    }

    private void serve(MavenArchive archive) throws IOException {
        serve(archive, archive.checksum());
    }

    private void serve(MavenArchive archive, String checksum) throws IOException {
        properties(checksum);
        handle(exchange -> {
            exchange.sendResponseHeaders(200, archive.zip().length);
            exchange.getResponseBody().write(archive.zip());
            exchange.close();
        });
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void handle(Answer answer) {
        repository.createContext(
                PATH_OF_ARCHIVE,
                exchange -> {
                    requests.add(exchange.getRequestURI().getPath());
                    answer.to(exchange);
                });
    }

    private void properties(String checksum) throws IOException {
        Files.writeString(
                project.resolve(".mvn/wrapper/maven-wrapper.properties"),
                """
                # The test's own.
                distributionUrl=https://example.invalid/apache-maven-%s-bin.zip
                distributionSha512Sum=%s
                """
                        .formatted(MavenArchive.VERSION, checksum));
    }

    /** What lies where fetched distributions are kept, unfinished ones included. */
    private List<String> dists() throws IOException {
        Path dists = home.resolve(".m2/wrapper/dists");
        if (!Files.isDirectory(dists)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(dists)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
