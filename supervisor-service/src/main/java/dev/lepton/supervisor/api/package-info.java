/** The supervisor's REST interface and its actuator endpoint. */
@NullMarked
package dev.lepton.supervisor.api;

import org.jspecify.annotations.NullMarked;
