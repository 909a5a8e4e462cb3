package dev.lepton.registry.events;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The rows of the change log in pages. */
interface LoggedEvents extends Repository<LoggedEvent, Long> {

    List<LoggedEvent> findByRevisionGreaterThanOrderByRevision(long revision, Limit limit);

    /**
     * Up to where the log has been compacted; rows below it are for the registry's duties alone.
     */
    @Query(value = "SELECT revision FROM change_log_floor", nativeQuery = true)
    long floor();
}
