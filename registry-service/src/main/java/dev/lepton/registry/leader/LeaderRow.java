package dev.lepton.registry.leader;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of a role.
 *
 * @param holder null when the last leader resigned
 * @param epoch grows with each change of the holder; the fencing token of the duties
 * @param seq grows with each renewal
 */
record LeaderRow(@Nullable UUID holder, long epoch, long seq) {}
