/** What a supervisor does about a unit that failed, and what it has to ask for before it does. */
@NullMarked
package dev.lepton.client.recovery;

import org.jspecify.annotations.NullMarked;
