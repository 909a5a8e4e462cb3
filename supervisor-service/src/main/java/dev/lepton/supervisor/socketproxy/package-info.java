/**
 * The default-deny proxy before the socket of the Docker engine: whoever reaches it can watch,
 * start, stop and restart the containers that are labelled as units of one Compose project, and do
 * nothing else.
 */
@NullMarked
package dev.lepton.supervisor.socketproxy;

import org.jspecify.annotations.NullMarked;
