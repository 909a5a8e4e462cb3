/** What an operator can see of a running gateway. */
@NullMarked
package dev.lepton.gateway.status;

import org.jspecify.annotations.NullMarked;
