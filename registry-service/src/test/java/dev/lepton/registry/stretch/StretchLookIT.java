package dev.lepton.registry.stretch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.leader.TestLeadership;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.support.FreshDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Twenty units, where the registry wants the beats of ten; factors settle in ten seconds. */
class StretchLookIT {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    private final TestLeadership leadership =
            new TestLeadership(
                    jdbc,
                    new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(6)),
                    () -> 0);
    private long now;
    private Stretch stretch;

    @BeforeEach
    void lead() {
        jdbc.sql("UPDATE stretch SET lease_factor = 1, interval_factor = 1").update();
        jdbc.sql("DELETE FROM leader").update();
        leadership.look();
        stretch =
                new Stretch(
                        new Duties(
                                leadership.itself(),
                                new TransactionTemplate(
                                        new DataSourceTransactionManager(database.dataSource())),
                                jdbc),
                        new StretchRows(jdbc),
                        new StretchPolicy(Duration.ofSeconds(1), 10, Duration.ofSeconds(10)),
                        () -> 20,
                        () -> now);
    }

    @Test
    void intervalsGrowOnceTheLeasesHaveBeenLookedAtForLongEnough() {
        looks(2);
        assertThat(stretch.leaseFactor()).isEqualTo(2);

        looks(9);
        assertThat(stretch.intervalFactor()).isEqualTo(1);
        looks(3);

        assertThat(stretch.intervalFactor()).isEqualTo(2);
    }

    @Test
    void timeInWhichNobodyCouldLookDoesNotCount() {
        looks(2);
        now += 60 * SECOND;

        looks(2);
        assertThat(stretch.intervalFactor()).isEqualTo(1);
        looks(11);

        assertThat(stretch.intervalFactor()).isEqualTo(2);
    }

    @Test
    void whoHasNotLookedForThreeSecondsKnowsNoMoreWhatIsStored() {
        assertThat(stretch.fresh()).isFalse();

        stretch.look();
        now += 3 * SECOND;
        assertThat(stretch.fresh()).isTrue();
        now++;

        assertThat(stretch.fresh()).isFalse();
    }

    private void looks(int count) {
        for (int i = 0; i < count; i++) {
            stretch.look();
            now += SECOND;
        }
    }
}
