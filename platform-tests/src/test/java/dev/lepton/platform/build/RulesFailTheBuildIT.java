package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.build.Script.Outcome;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Modules with planted faults under this project's parent: the format, Error Prone and NullAway
 * each fail theirs.
 */
class RulesFailTheBuildIT {

    private static final String CLEAN =
            """
            package faults;

            /** Keeps every rule. */
            final class Planted {

                String text() {
                    return "text";
                }
            }
            """;

    private static final String BADLY_FORMATTED =
            """
            package faults;

            final class Planted {
              String text() { return "text"; }
            }
            """;

    private static final String SELF_COMPARISON =
            """
            package faults;

            final class Planted {

                boolean same(String text) {
                    return text.equals(text);
                }
            }
            """;

    private static final String NULLABLE_DEREFERENCE =
            """
            package faults;

            import org.jspecify.annotations.NullMarked;
            import org.jspecify.annotations.Nullable;

            @NullMarked
            final class Planted {

                int length(@Nullable String text) {
                    return text.length();
                }
            }
            """;

    @TempDir private static Path project;
    private static Outcome build;

    @BeforeAll
    static void buildModulesWithPlantedFaults() throws IOException {
        Files.writeString(
                project.resolve("pom.xml"),
                """
                <project>
                    <modelVersion>4.0.0</modelVersion>
                    <parent>
                        <groupId>dev.lepton</groupId>
                        <artifactId>lepton-parent</artifactId>
                        <version>0.1.0</version>
                        <relativePath>%s</relativePath>
                    </parent>
                    <artifactId>faults</artifactId>
                    <packaging>pom</packaging>
                    <modules>
                        <module>clean</module>
                        <module>format</module>
                        <module>error-prone</module>
                        <module>nullaway</module>
                    </modules>
                </project>
                """
                        .formatted(
                                project.toRealPath()
                                        .relativize(
                                                Checkout.root().toRealPath().resolve("pom.xml"))));
        module("clean", CLEAN);
        module("format", BADLY_FORMATTED);
        module("error-prone", SELF_COMPARISON);
        module("nullaway", NULLABLE_DEREFERENCE);
        Path settings = Files.createDirectories(project.resolve(".mvn"));
        Files.copy(Checkout.root().resolve(".mvn/jvm.config"), settings.resolve("jvm.config"));

        build =
                Script.of(Checkout.root().resolve("mvnw"), "-B", "-o", "--fail-at-end")
                        .in(project)
                        .with("PATH", System.getenv("PATH"))
                        .with("HOME", System.getProperty("user.home"))
                        .with("JAVA_HOME", System.getProperty("java.home"))
                        .arguments(
                                "-Dstyle.color=never",
                                "-Dmaven.repo.local=" + System.getProperty("lepton.repository"),
                                "compile")
                        .run(180);
    }

    @Test
    void aModuleThatKeepsTheRulesIsBuilt() {
        assertThat(result("clean")).as(build.output()).contains("SUCCESS");
        assertThat(build.exitCode()).isEqualTo(1);
    }

    @Test
    void codeInAnotherFormatFailsTheBuild() {
        assertThat(result("format")).as(build.output()).contains("FAILURE");
        assertThat(errorsOf("format"))
                .anyMatch(line -> line.contains("spotless-maven-plugin") && line.contains(":check"))
                .noneMatch(line -> line.contains("maven-compiler-plugin"));
    }

    @Test
    void aFaultThatErrorProneKnowsFailsTheBuild() {
        assertThat(result("error-prone")).as(build.output()).contains("FAILURE");
        assertThat(build.output()).contains("[SelfEquals]");
        assertThat(errorsOf("error-prone")).anyMatch(line -> line.contains("Compilation failure"));
    }

    @Test
    void aNullThatIsNotLookedAtFailsTheBuild() {
        assertThat(result("nullaway")).as(build.output()).contains("FAILURE");
        assertThat(build.output())
                .contains("[NullAway] dereferenced expression 'text' is @Nullable");
        assertThat(errorsOf("nullaway")).anyMatch(line -> line.contains("Compilation failure"));
    }

    /** The module's line in Maven's summary. */
    private static String result(String module) {
        return build.output()
                .lines()
                .filter(line -> line.matches("\\[INFO] " + module + " \\.+ .*"))
                .findFirst()
                .orElse("no line about " + module);
    }

    private static List<String> errorsOf(String module) {
        return build.output()
                .lines()
                .filter(line -> line.startsWith("[ERROR] Failed to execute goal"))
                .filter(line -> line.contains("on project " + module + ":"))
                .toList();
    }

    private static void module(String name, String source) throws IOException {
        Path folder = Files.createDirectories(project.resolve(name));
        Files.writeString(
                folder.resolve("pom.xml"),
                """
                <project>
                    <modelVersion>4.0.0</modelVersion>
                    <parent>
                        <groupId>dev.lepton</groupId>
                        <artifactId>faults</artifactId>
                        <version>0.1.0</version>
                    </parent>
                    <artifactId>%s</artifactId>
                    <dependencies>
                        <dependency>
                            <groupId>org.jspecify</groupId>
                            <artifactId>jspecify</artifactId>
                        </dependency>
                    </dependencies>
                </project>
                """
                        .formatted(name));
        Path sources = Files.createDirectories(folder.resolve("src/main/java/faults"));
        Files.writeString(sources.resolve("Planted.java"), source);
    }
}
