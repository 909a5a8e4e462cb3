package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.build.Script.Outcome;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code lepton} in a checkout of the test's own, with a Maven and a {@code java} that only tell
 * how they were called.
 */
class LeptonScriptIT {

    private static final List<String> SERVICES =
            List.of(
                    "registry-service",
                    "gateway-service",
                    "supervisor-service",
                    "sample-worker-service");
    private static final List<String> MODULES =
            Stream.concat(
                            SERVICES.stream(),
                            Stream.of("lepton-client", "lepton-spring-boot-starter", "lepton-cli"))
                    .toList();

    @TempDir private Path folder;
    private Path bin;
    private Path checkout;
    private Path jdk;

    @BeforeEach
    void makeACheckout() throws IOException {
        bin = Files.createDirectories(folder.resolve("bin"));
        jdk = Tools.jdk(folder.resolve("jdk 25"), "25.0.3");
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        Files.createDirectories(checkout.resolve(".mvn"));
        Files.copy(Checkout.root().resolve("lepton"), checkout.resolve("lepton"));
        Files.copy(Checkout.root().resolve(".mvn/find-jdk"), checkout.resolve(".mvn/find-jdk"));
        Files.copy(Checkout.root().resolve("pom.xml"), checkout.resolve("pom.xml"));
        for (String module : MODULES) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main/java"));
            Files.writeString(checkout.resolve(module).resolve("src/main/java/Main.java"), "");
            Files.writeString(checkout.resolve(module).resolve("pom.xml"), "");
        }
        everythingIsOld();
        Tools.script(
                checkout.resolve("mvnw"),
                """
                #!/bin/sh
                echo "$*" >> mvnw.calls
                printf '[INFO] Building lepton-client 0.1.0      [2/8]\\n[INFO] Building jar: a.jar\\n'
                printf '[INFO] Building registry-service 0.1.0   [3/8]\\n'
                if [ -f fail ]; then
                    echo "[ERROR] registry-service/Lease.java:[3,1] ';' expected"
                    printf 'no newline'
                    exit 1
                fi
                mkdir -p lepton-cli/target/lib
                echo cli > lepton-cli/target/lepton-cli-0.1.0.jar
                case "$*" in
                    *registry-service*)
                        for s in registry-service gateway-service supervisor-service sample-worker-service; do
                            mkdir -p $s/target && echo $s > $s/target/$s-0.1.0-exec.jar
                        done ;;
                esac
                printf 'no newline'
                """);
    }

    @ParameterizedTest
    @MethodSource("dev.lepton.platform.build.Tools#shells")
    void upBuildsWhatIsMissingWithProgressAndThenStarts(List<String> shell) throws IOException {
        Outcome outcome = lepton(shell, "up", "--home", "two words").run();

        assertThat(outcome.errors())
                .startsWith("Building Lepton: the first time takes a few minutes (log: ")
                .contains("[2/8] lepton-client\n", "[3/8] registry-service\n")
                .doesNotContain("jar:")
                .containsPattern("Built in [0-9]+ s\n$");
        assertThat(calls())
                .singleElement()
                .asString()
                .contains(
                        "-Dmaven.test.skip=true",
                        "-pl lepton-cli,registry-service,gateway-service,supervisor-service,"
                                + "sample-worker-service -am")
                .endsWith(" package");
        assertThat(outcome.output())
                .contains("java -Dlepton.dir=" + checkout.toRealPath() + "\n")
                .contains("lepton-cli/target/lepton-cli-0.1.0.jar:")
                .endsWith("java dev.lepton.cli.Lepton\njava up\njava --home\njava two words\n");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void theStateFolderIsTheOwnersAlone() throws IOException {
        lepton("up").run();

        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(checkout.resolve(".lepton"))))
                .isEqualTo("rwx------");
        assertThat(checkout.resolve(".lepton/logs/build.log"))
                .content()
                .contains("[INFO] Building jar: a.jar");
    }

    @Test
    void upDoesNotBuildWhenNothingChanged() throws IOException {
        lepton("up").run();

        Outcome outcome = lepton("up").run();

        assertThat(outcome.errors()).isEmpty();
        assertThat(calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "lepton-client/pom.xml",
                "lepton-client/src/main/java/Main.java",
                "lepton-spring-boot-starter/src/main/java/Main.java",
                "registry-service/src/main/java/Main.java",
                "gateway-service/src/main/java/Main.java",
                "supervisor-service/pom.xml",
                "sample-worker-service/src/main/java/Main.java",
                "lepton-cli/src/main/java/Main.java",
                "registry-service/target/registry-service-0.1.0-exec.jar",
                "lepton-cli/target/lepton-cli-0.1.0.jar"
            })
    void upBuildsAgainWhenASourceChangedOrAJarIsGone(String file) throws IOException {
        lepton("up").run();
        Path changed = checkout.resolve(file);
        if (file.endsWith(".jar")) {
            Files.delete(changed);
        } else {
            changedJustNow(changed);
        }

        Outcome outcome = lepton("up").run();

        assertThat(calls()).hasSize(2);
        assertThat(outcome.errors()).startsWith("Building Lepton");
    }

    @Test
    void upBuildsAgainWhenASourceWasDeleted() throws IOException {
        lepton("up").run();
        Path sources = checkout.resolve("gateway-service/src/main/java");
        Files.delete(sources.resolve("Main.java"));
        changedJustNow(sources);

        lepton("up").run();

        assertThat(calls()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry-service/src/test/java/A.java",
                "README.md",
                "platform-tests/pom.xml"
            })
    void upDoesNotBuildForWhatIsNotInAJar(String file) throws IOException {
        lepton("up").run();
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), "");
        changedJustNow(checkout.resolve(file));

        lepton("up").run();

        assertThat(calls()).hasSize(1);
    }

    @Test
    void aSourceThatChangedDuringTheBuildIsBuiltNextTime() throws IOException {
        Path source = checkout.resolve("gateway-service/src/main/java/Main.java");
        Path mvnw = checkout.resolve("mvnw");
        Tools.script(
                mvnw,
                Files.readString(mvnw)
                        .replace(
                                "echo \"$*\"",
                                "sleep 0.05; touch '" + source + "'; sleep 0.05; echo \"$*\""));
        lepton("up").run();

        lepton("up").run();

        assertThat(calls()).hasSize(2);
    }

    @Test
    void aFailedBuildShowsItsEndAndStartsNothing() throws IOException {
        Files.createFile(checkout.resolve("fail"));

        Outcome outcome = lepton("up").run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .contains("[3/8] registry-service\n")
                .contains(
                        "The build failed. The end of %s/.lepton/logs/build.log:\n"
                                .formatted(checkout.toRealPath()))
                .contains("  | [ERROR] registry-service/Lease.java:[3,1] ';' expected\n")
                .doesNotContain("lepton-build-ended");
    }

    @Test
    void otherCommandsBuildTheCommandLineAloneAndOnlyWhenItIsMissing() throws IOException {
        lepton("units", "-o", "json").run();
        changedJustNow(checkout.resolve("pom.xml"));

        Outcome outcome = lepton("units", "-o", "json").run();

        assertThat(calls()).singleElement().asString().contains("-pl lepton-cli -am");
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output()).endsWith("java units\njava -o\njava json\n");
    }

    @Test
    void askingForHelpBuildsNoPlatform() throws IOException {
        lepton("up", "--help").run();

        assertThat(calls()).singleElement().asString().contains("-pl lepton-cli -am");
    }

    @Test
    void theCommandsExitCodeIsTheScripts() throws IOException {
        lepton("units").run();
        Tools.script(jdk.resolve("bin/java"), "#!/bin/sh\nexit 75\n");

        assertThat(lepton("units").run().exitCode()).isEqualTo(75);
    }

    @Test
    void theScriptWorksThroughALinkFromAnywhere() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("l"), Path.of("a checkout/lepton"));

        Outcome outcome = environment(Script.of("/bin/sh", link, "down")).in(jdk).run();

        assertThat(outcome.output())
                .contains("java -Dlepton.dir=" + checkout.toRealPath() + "\n")
                .endsWith("java down\n");
    }

    @Test
    void lookingForChangesInThisCheckoutTakesNoTimeWorthMentioning() {
        // A build here would pull the jars from under the tests.
        Tools.script(bin.resolve("mvn"), "#!/bin/sh\necho Apache Maven 3.9.11\nexit 1\n");
        Duration bound = Duration.ofMillis(150);
        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            long started = System.nanoTime();
            Outcome outcome = environment(Script.of(Checkout.root().resolve("lepton"), "up")).run();
            Duration taken = Duration.ofNanos(System.nanoTime() - started);
            assertThat(outcome.errors()).as("these tests run after the build").isEmpty();
            fastest = fastest.compareTo(taken) < 0 ? fastest : taken;
        }
        System.out.println("./lepton up until java starts: " + fastest.toMillis() + " ms");

        int slack = Boolean.getBoolean("lepton.endurance") ? 1 : 3;
        assertThat(fastest).isLessThan(bound.multipliedBy(slack));
    }

    private Script lepton(String... arguments) {
        return lepton(List.of("/bin/sh"), arguments);
    }

    private Script lepton(List<String> shell, String... arguments) {
        List<Object> command = new ArrayList<>(shell);
        command.add(checkout.resolve("lepton"));
        command.addAll(List.of(arguments));
        return environment(Script.of(command.toArray())).in(folder);
    }

    private Script environment(Script script) {
        return script.with("PATH", bin + ":" + Tools.usual())
                .with("HOME", folder)
                .with("JAVA_HOME", jdk);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(checkout.resolve("mvnw.calls"));
    }

    private void everythingIsOld() throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (Stream<Path> files = Files.walk(checkout)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setLastModifiedTime(file, old);
            }
        }
    }

    private static void changedJustNow(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    }
}
