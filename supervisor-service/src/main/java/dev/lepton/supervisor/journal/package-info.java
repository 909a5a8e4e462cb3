/**
 * What must outlive the supervisor: start-ids, processes, ports and restarts of each unit, on disk.
 */
@NullMarked
package dev.lepton.supervisor.journal;

import org.jspecify.annotations.NullMarked;
