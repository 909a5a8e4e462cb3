package dev.lepton.registry.registration;

import static dev.lepton.registry.unit.UnitBuilder.NOON;
import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.MoveKind;
import dev.lepton.registry.lifecycle.Outcome.Move;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.registration.Admission.Admit;
import dev.lepton.registry.registration.Admission.Decision;
import dev.lepton.registry.registration.Admission.InUse;
import dev.lepton.registry.registration.Admission.OtherService;
import dev.lepton.registry.registration.Admission.Repeat;
import dev.lepton.registry.registration.Admission.Supersede;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.KnownStart;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionTests {

    private static final Duration VALID = Duration.ofNanos(1);

    private final StartId holder = StartId.random();
    private final StartId other = StartId.random();

    @Test
    void firstStartOfAUnitIsItsFirstIncarnation() {
        Decision decision = decide(asked(holder), null, null, Duration.ZERO);

        UnitRow after = ((Admit) decision).after();
        assertThat(after.incarnation()).isEqualTo(1);
        assertThat(after.version()).isEqualTo(1);
        assertThat(after.phase()).isEqualTo(Phase.STARTING);
        assertThat(after.startId()).isEqualTo(holder);
        assertThat(after.since()).isEqualTo(NOON);
        assertThat(((Admit) decision).from()).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DOWN_EXITED", "RESTARTING", "QUARANTINED", "PROBATION", "STOPPED"})
    void holderThatRegistersAgainIsAnsweredAsTheFirstTime(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(phase).row();

        assertThat(decide(asked(holder), row, known(), VALID)).isEqualTo(new Repeat(row));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DOWN_EXITED", "RESTARTING", "QUARANTINED", "PROBATION", "STOPPED"})
    void holderWhoseEndIsProvenIsRefusedForEver(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(phase).row();

        assertThat(decide(asked(holder), row, known(), VALID)).isEqualTo(new Supersede());
    }

    @Test
    void holderWhoseEndWasReportedIsRefusedAlsoWhenAnotherStartIsOnItsWay() {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(Phase.RECOVERING).row();

        assertThat(decide(asked(holder), row, new KnownStart(1, true), VALID))
                .isEqualTo(new Supersede());
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void startThatWasReplacedIsRefusedForEver(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).incarnation(2).in(phase).row();

        assertThat(decide(asked(other), row, known(), Duration.ZERO)).isEqualTo(new Supersede());
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"STARTING", "UP", "SUSPECT", "DRAINING", "DOWN_HUNG", "RECOVERING"})
    void anotherStartWaitsWhileTheHoldersLeaseIsValid(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(phase).row();

        assertThat(decide(asked(other), row, null, VALID)).isEqualTo(new InUse(row, VALID));
    }

    @Test
    void anotherStartWaitsForAHolderThatBeatsAndIsHeldOut() {
        UnitRow row = heldOut(Phase.DOWN_SILENT);

        assertThat(decide(asked(other), row, null, VALID)).isEqualTo(new InUse(row, VALID));
    }

    @Test
    void anotherStartReplacesAHolderThatIsHeldOutAndBeatsNoMore() {
        assertThat(decide(asked(other), heldOut(Phase.DOWN_SILENT), null, Duration.ZERO))
                .isInstanceOf(Admit.class);
    }

    private UnitRow heldOut(Phase phase) {
        return aUnit("worker-1")
                .heldBy(holder)
                .in(phase)
                .because("flapping: 3 times down, never calm for PT10M")
                .row();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {
                "DOWN_SILENT",
                "DOWN_EXITED",
                "RESTARTING",
                "STOPPED",
                "QUARANTINED",
                "PROBATION"
            })
    void anotherStartReplacesAHolderThatIsDecidedToBeGoneAtOnce(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).incarnation(7).in(phase).version(9).row();

        Decision decision = decide(asked(other), row, null, VALID);

        UnitRow after = ((Admit) decision).after();
        assertThat(after.startId()).isEqualTo(other);
        assertThat(after.incarnation()).isEqualTo(8);
        assertThat(after.version()).isEqualTo(10);
        assertThat(((Admit) decision).from()).isEqualTo(phase);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void anotherStartReplacesAHolderWhoseLeaseHasEnded(Phase phase) {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(phase).row();

        assertThat(decide(asked(other), row, null, Duration.ZERO)).isInstanceOf(Admit.class);
    }

    @Test
    void replacementOfAUnitThatIsDownRecoversIt() {
        UnitRow row = aUnit("worker-1").heldBy(holder).in(Phase.DOWN_EXITED).row();

        assertThat(((Admit) decide(asked(other), row, null, VALID)).move())
                .isEqualTo(new Move(Phase.RECOVERING, MoveKind.REGISTERED));
    }

    @Test
    void unitOfAnotherServiceIsRefusedWhileItsHolderLives() {
        UnitRow row = aUnit("worker-1").of("billing").heldBy(holder).in(Phase.UP).row();

        assertThat(decide(asked(other), row, null, VALID)).isEqualTo(new InUse(row, VALID));
    }

    @Test
    void unitOfAnotherServiceStartsAnewWhenItsHolderIsGone() {
        UnitRow row = aUnit("worker-1").of("billing").heldBy(holder).in(Phase.DOWN_EXITED).row();

        Admit admit = (Admit) decide(asked(other), row, null, VALID);

        assertThat(admit.after().service()).isEqualTo(new ServiceName("worker"));
        assertThat(admit.after().phase()).isEqualTo(Phase.STARTING);
    }

    @Test
    void holderCannotChangeItsService() {
        UnitRow row = aUnit("worker-1").of("billing").heldBy(holder).in(Phase.UP).row();

        assertThat(decide(asked(holder), row, known(), VALID)).isEqualTo(new OtherService(row));
    }

    @Test
    void forgottenUnitStartsAnewWithItsNextIncarnation() {
        UnitRow row =
                aUnit("worker-1").heldBy(holder).incarnation(3).in(Phase.UP).forgotten().row();

        Admit admit = (Admit) decide(asked(other), row, null, VALID);

        assertThat(admit.from()).isNull();
        assertThat(admit.after().incarnation()).isEqualTo(4);
        assertThat(admit.after().forgotten()).isFalse();
        assertThat(admit.after().phase()).isEqualTo(Phase.STARTING);
    }

    @Test
    void startThatWasForgottenWhileItWasSilentComesBackAsTheSameIncarnation() {
        UnitRow row =
                aUnit("worker-1")
                        .heldBy(holder)
                        .incarnation(3)
                        .in(Phase.DOWN_SILENT)
                        .forgotten()
                        .row();

        Admit admit = (Admit) decide(asked(holder), row, known(), VALID);

        assertThat(admit.after().incarnation()).isEqualTo(3);
        assertThat(admit.after().startId()).isEqualTo(holder);
        assertThat(admit.after().forgotten()).isFalse();
    }

    private static KnownStart known() {
        return new KnownStart(1, false);
    }

    private static Decision decide(
            Registration asked,
            @Nullable UnitRow row,
            @Nullable KnownStart start,
            Duration leaseRemaining) {
        return Admission.decide(asked, new Holding(row, start), leaseRemaining, NOON);
    }

    private static Registration asked(StartId start) {
        return new Registration(
                new UnitId("worker-1"),
                start,
                new ServiceName("worker"),
                UnitAddress.http("127.0.0.1", 9001),
                new NodeName("node-a"),
                null,
                "1.1",
                null,
                null,
                17L,
                null);
    }
}
