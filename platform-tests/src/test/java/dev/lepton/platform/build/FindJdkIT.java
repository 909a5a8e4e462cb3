package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.build.Script.Outcome;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code .mvn/find-jdk}, which {@code mvnw} and {@code lepton} share. */
class FindJdkIT {

    @TempDir private Path folder;
    private Path bin;
    private Path jdks;

    @BeforeEach
    void makeFolders() throws IOException {
        bin = Files.createDirectories(folder.resolve("bin"));
        jdks = Files.createDirectories(folder.resolve("jdks"));
    }

    @ParameterizedTest
    @MethodSource("dev.lepton.platform.build.Tools#shells")
    void javaHomeIsTakenWhenItIsRecentEnough(List<String> shell) {
        Path home = Tools.jdk(folder.resolve("a home"), "25.0.3");
        Tools.jdk(jdks.resolve("other"), "25");

        assertFound(findJdk(shell).with("JAVA_HOME", home), home);
    }

    @ParameterizedTest
    @MethodSource("dev.lepton.platform.build.Tools#shells")
    void anOlderJavaHomeIsPassedOver(List<String> shell) {
        Path home = Tools.jdk(folder.resolve("old"), "17.0.15");
        Path installed = Tools.jdk(jdks.resolve("temurin 25"), "25.0.3");

        assertFound(findJdk(shell).with("JAVA_HOME", home), installed);
    }

    @Test
    void javaOnThePathIsTakenThroughItsLinks() throws IOException {
        Path home = Tools.jdk(folder.resolve("linked"), "26.0.1");
        Path alternatives = Files.createDirectories(folder.resolve("alternatives"));
        Files.createSymbolicLink(alternatives.resolve("java"), Path.of("../linked/bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), alternatives.resolve("java"));
        Tools.jdk(jdks.resolve("other"), "25");

        Outcome outcome = findJdk().run();

        assertThat(Path.of(outcome.output().strip()).toRealPath()).isEqualTo(home.toRealPath());
    }

    @Test
    void theJvmItselfIsAskedBehindAVersionManagersShim() {
        Path home = Tools.jdk(folder.resolve("managed"), "25.0.1");
        Tools.script(
                bin.resolve("java"), "#!/bin/sh\necho '    java.home = %s' >&2\n".formatted(home));

        assertFound(findJdk(), home);
    }

    @Test
    void anOlderJavaOnThePathIsPassedOver() throws IOException {
        Path old = Tools.jdk(folder.resolve("old"), "1.8.0_412");
        Files.createSymbolicLink(bin.resolve("java"), old.resolve("bin/java"));
        Path installed = Tools.jdk(jdks.resolve("new"), "25");

        assertFound(findJdk(), installed);
    }

    @Test
    void ofSeveralTheOneNearestTo25IsTaken() {
        Tools.jdk(jdks.resolve("a-27"), "27");
        Tools.jdk(jdks.resolve("b-21"), "21.0.9");
        Path nearest = Tools.jdk(jdks.resolve("c-25"), "25.0.3");
        Tools.jdk(jdks.resolve("d-26"), "26.0.2");

        assertFound(findJdk(), nearest);
    }

    @Test
    void theFoldersOfMacOsAreKnown() {
        Path home = Tools.jdk(jdks.resolve("temurin-25.jdk/Contents/Home"), "25.0.3");

        assertFound(findJdk(), home);
    }

    @Test
    void aRuntimeWithoutACompilerIsPassedOver() throws IOException {
        Path runtime = Tools.jdk(folder.resolve("runtime"), "25.0.3");
        Files.delete(runtime.resolve("bin/javac"));

        Outcome outcome = findJdk().with("JAVA_HOME", runtime).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains(runtime + ": Java 25 without a compiler");
    }

    @ParameterizedTest
    @MethodSource("dev.lepton.platform.build.Tools#shells")
    void withoutAnySuitableJdkItSaysWhatToInstall(List<String> shell) throws IOException {
        Path old = Tools.jdk(folder.resolve("old"), "17.0.15");
        Files.createSymbolicLink(bin.resolve("java"), old.resolve("bin/java"));

        Outcome outcome = findJdk(shell).with("JAVA_HOME", "").with("HOME", "").run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .isEqualTo(
                        """
                        Lepton needs a JDK 25 or later, and none was found.
                          JAVA_HOME         not set
                          java on the PATH  %s: Java 17
                          folders           %s
                        Install Eclipse Temurin 25 (https://adoptium.net/temurin/releases/?version=25):
                          Debian, Ubuntu    apt install temurin-25-jdk   (set up first: https://adoptium.net/installation/linux)
                          macOS             brew install --cask temurin@25
                          SDKMAN            sdk install java 25-tem
                        or set JAVA_HOME to a JDK 25 that is installed elsewhere.
                        """
                                .formatted(old, jdks));
    }

    @Test
    void theUsualFoldersAreShownWhenNoneOfThemHoldsASuitableJdk() throws IOException {
        Path user = Files.createDirectories(folder.resolve("somebody"));

        Outcome outcome = findJdkOfTheFuture(user).run();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors())
                .containsPattern("(?m)^  folders +/usr/lib/jvm:")
                .contains(":" + user + "/.sdkman/candidates/java:")
                .contains(":/Library/Java/JavaVirtualMachines:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".sdkman/candidates/java/99-tem",
                ".jdks/temurin-99",
                "Library/Java/JavaVirtualMachines/temurin-99.jdk/Contents/Home"
            })
    void theUsualFoldersOfAUserAreSearched(String place) {
        Path user = folder.resolve("some body");
        Path home = Tools.jdk(user.resolve(place), "99.0.1");

        assertFound(findJdkOfTheFuture(user), home);
    }

    /**
     * The script as it will be when it asks for a JDK that this machine has not, whatever is
     * installed in its usual folders.
     */
    private Script findJdkOfTheFuture(Path user) {
        try {
            String script = Files.readString(Checkout.root().resolve(".mvn/find-jdk"));
            assertThat(script).contains("needed=25\n");
            Path future =
                    Files.writeString(
                            folder.resolve("find-jdk"),
                            script.replace("needed=25\n", "needed=99\n"));
            return Script.of("/bin/sh", future)
                    .with("PATH", bin + ":" + Tools.usual())
                    .with("HOME", user);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void mvnwAndLeptonEndWithThatMessage() {
        for (String script : List.of("mvnw", "lepton")) {
            Outcome outcome =
                    Script.of(Checkout.root().resolve(script), "--version")
                            .with("PATH", bin + ":" + Tools.usual())
                            .with("HOME", "")
                            .with("JAVA_HOME", "")
                            .with("LEPTON_JDK_DIRS", jdks)
                            .run();

            assertThat(outcome.exitCode()).as(script).isEqualTo(1);
            assertThat(outcome.output()).as(script).isEmpty();
            assertThat(outcome.errors())
                    .as(script)
                    .startsWith("Lepton needs a JDK 25 or later, and none was found.\n")
                    .contains("java on the PATH  none\n");
        }
    }

    private Script findJdk() {
        return findJdk(List.of("/bin/sh"));
    }

    private Script findJdk(List<String> shell) {
        List<Object> command = new ArrayList<>(shell);
        command.add(Checkout.root().resolve(".mvn/find-jdk"));
        return Script.of(command.toArray())
                .with("PATH", bin + ":" + Tools.usual())
                .with("LEPTON_JDK_DIRS", jdks);
    }

    private static void assertFound(Script script, Path home) {
        Outcome outcome = script.run();

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output()).isEqualTo(home + "\n");
        assertThat(outcome.exitCode()).isZero();
    }
}
