package dev.lepton.registry.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.lifecycle.Outcome.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LifecycleTests {

    static List<TableOfMoves.Cell> cells() {
        return TableOfMoves.cells();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void theFunctionSaysWhatTheTableSays(TableOfMoves.Cell cell) {
        Outcome outcome = Lifecycle.next(cell.phase(), cell.event());

        assertThat(TableOfMoves.said(outcome)).isEqualTo(cell.outcome());
    }

    @Test
    void theTableHoldsEveryPairOnce() {
        List<String> told = cells().stream().map(c -> c.phase() + " " + c.event()).toList();

        List<String> all =
                Arrays.stream(Phase.values())
                        .flatMap(p -> Stream.of(Event.values()).map(e -> p + " " + e))
                        .toList();
        assertThat(told).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void everyKindOfMoveIsMadeByTheTable() {
        Set<String> made =
                cells().stream()
                        .map(c -> c.outcome().substring(c.outcome().lastIndexOf(' ') + 1))
                        .collect(Collectors.toSet());

        assertThat(made).containsAll(Arrays.stream(MoveKind.values()).map(MoveKind::name).toList());
    }

    @Test
    void everyPhaseCanBeReachedFromAFirstRegistration() {
        Set<Phase> reached = EnumSet.of(Lifecycle.FIRST.to());
        Set<Phase> before = Set.of();
        while (!before.equals(reached)) {
            before = new HashSet<>(reached);
            reached.addAll(oneMoveFrom(before));
        }

        assertThat(reached).containsExactlyInAnyOrder(Phase.values());
    }

    private static Set<Phase> oneMoveFrom(Set<Phase> phases) {
        return phases.stream()
                .flatMap(p -> Arrays.stream(Event.values()).map(e -> Lifecycle.next(p, e)))
                .filter(Move.class::isInstance)
                .map(outcome -> ((Move) outcome).to())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aStartThatIsOverNeverComesBackByABeat(Phase phase) {
        Outcome outcome = Lifecycle.next(phase, Event.GOOD_BEAT);

        assertThat(outcome instanceof Outcome.Refuse).isEqualTo(Lifecycle.startOver(phase));
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void onlyAHolderThatCannotServeIsReplacedAtOnce(Phase phase) {
        assertThat(Lifecycle.replaceable(phase))
                .isEqualTo(
                        Set.of(
                                        Phase.DOWN_SILENT,
                                        Phase.DOWN_EXITED,
                                        Phase.RESTARTING,
                                        Phase.QUARANTINED,
                                        Phase.PROBATION,
                                        Phase.STOPPED)
                                .contains(phase));
    }

    @Test
    void thePageOfTheDocumentationIsCurrent() throws IOException {
        Path page = repository().resolve("docs/lifecycle.md");
        if (Boolean.getBoolean("lepton.docs.write")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, TableOfMoves.page());
        }

        assertThat(page)
                .as(
                        "docs/lifecycle.md differs from Lifecycle.next; write it anew with ./mvnw -pl"
                                + " registry-service -am test -Dtest=LifecycleTests"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dlepton.docs.write=true")
                .hasContent(TableOfMoves.page());
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
