/** Errors that the gateway itself answers, as problem details (RFC 9457). */
@NullMarked
package dev.lepton.gateway.problem;

import org.jspecify.annotations.NullMarked;
