package io.github.phpdeploy;

import java.util.Objects;

/**
 * An error whose reader is the person at the other end of the build: it says what happened, in what state things now
 * are, and what to do next. The room where it happens knows the first and the last; the state is known further up, and
 * added there with {@link #withState}.
 *
 * <p>The message reads {@code <what happened>; <state>; <what to do>.} and is safe to log: it never holds a secret.
 */
public class PhpDeployException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String state;
    private final String advice;

    /**
     * An error with its way out.
     *
     * @param what what happened and where, without a full stop
     * @param advice what to do next, with the exact parameter or command, without a full stop
     */
    public PhpDeployException(String what, String advice) {
        this(what, null, advice, null);
    }

    /**
     * An error with its way out and its technical cause.
     *
     * @param what what happened and where, without a full stop
     * @param advice what to do next, with the exact parameter or command, without a full stop
     * @param cause the technical cause, for {@code mvn -e}
     */
    public PhpDeployException(String what, String advice, Throwable cause) {
        this(what, null, advice, cause);
    }

    private PhpDeployException(String what, String state, String advice, Throwable cause) {
        super(sentence(what, state, advice), cause);
        this.what = what;
        this.state = state;
        this.advice = advice;
    }

    private static String sentence(String what, String state, String advice) {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(advice, "advice");
        return what + (state == null ? "" : "; " + state) + "; " + advice + ".";
    }

    /**
     * What happened.
     *
     * @return one clause, without a full stop
     */
    public String what() {
        return what;
    }

    /**
     * In what state things are now.
     *
     * @return one clause, or null where nobody has said it yet
     */
    public String state() {
        return state;
    }

    /**
     * What to do next.
     *
     * @return one clause, without a full stop
     */
    public String advice() {
        return advice;
    }

    /**
     * The same error with the state that things are in; a state that was said closer to the fault stays.
     *
     * @param now one clause, such as {@code "nothing was changed on web1"}
     * @return this error where it has a state already, else a copy that has
     */
    public PhpDeployException withState(String now) {
        if (state != null) {
            return this;
        }
        PhpDeployException copy = new PhpDeployException(what, now, advice, getCause());
        copy.setStackTrace(getStackTrace());
        return copy;
    }
}
