package dev.lepton.registry.events;

import dev.lepton.registry.changelog.LoggedChange;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of the change log, for reading only. */
@Entity
@Immutable
@Table(name = "change_log")
class LoggedEvent {

    @Id private long revision;
    private Instant at = Instant.EPOCH;
    private String kind = "";

    @Column(name = "unit_id")
    private String unitId = "";

    private String event = "";

    @Column(name = "from_state")
    private @Nullable String fromState;

    private String reason = "";

    /** As text: it is for the change log alone to know what its documents look like. */
    @JdbcTypeCode(SqlTypes.JSON)
    @ColumnTransformer(read = "cast(after as text)")
    private String after = "";

    LoggedChange change() {
        return LoggedChange.stored(revision, at, kind, unitId, event, fromState, reason, after);
    }
}
