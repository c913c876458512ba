package io.github.phpdeploy.deploy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.transfer.UploadReport;

/** The words for what happens during a deploy. */
public final class LogWords implements DeployLog {

    /** How often a plain log says how far an upload is. */
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How often a terminal does. */
    private static final long LIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LogSink sink;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();

    /** One host's upload: when it began, and when it was last told. */
    private static final class Meter {
        private final long begin = System.nanoTime();
        private long told = begin;
    }

    /**
     * Words.
     *
     * @param sink where they go
     */
    public LogWords(LogSink sink) {
        this.sink = sink;
    }

    private void say(String host, String words) {
        sink.info(host + ": " + words);
    }

    @Override
    public void begin(String what, List<String> hosts) {
        String capital = what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
        String where = hosts.size() > 8 ? hosts.size() + " hosts" : String.join(", ", hosts);
        sink.info(capital + " " + where);
    }

    @Override
    public void connected(String host, long millis) {
        sink.debug(host + ": connected in " + seconds(millis));
    }

    @Override
    public void sendingFiles(String host, String why) {
        say(host, "sends files by SFTP, which is slower than one stream, because " + Printable.line(why));
    }

    @Override
    public void waitingForLock(String host, String holder) {
        say(host, "waiting for the lock of " + holder);
    }

    @Override
    public void remains(String host, String what) {
        say(host, "found the remains of a deploy that was cut off: " + what);
    }

    @Override
    public void warning(String host, String what) {
        sink.warn(host + ": " + what);
    }

    @Override
    public void readingAgain(String why) {
        sink.warn(why + "; reading the application once more");
    }

    @Override
    public void uploading(String host, String release, int files, long bytes, int reused, String base) {
        meters.put(host, new Meter());
        say(
                host,
                "release " + release + ": " + count(files, "file") + " to send (" + bytes(bytes) + ")"
                        + (base.isEmpty() ? "" : ", " + count(reused) + " reused from " + base));
    }

    @Override
    public void uploadProgress(String host, int files, int filesToSend, long bytes, long bytesToSend, long wire) {
        Meter meter = meters.get(host);
        long now = System.nanoTime();
        long every = sink.isLive() ? LIVE_NANOS : PLAIN_NANOS;
        if (meter == null || now - meter.told < every) {
            return;
        }
        meter.told = now;
        double seconds = (now - meter.begin) / 1e9;
        long percent = bytesToSend == 0 ? 100 : 100 * bytes / bytesToSend;
        String line = host + ": " + Math.min(100, percent) + " %, " + count(files) + " of " + count(filesToSend)
                + " files, " + bytes(bytes) + " of " + bytes(bytesToSend) + ", "
                + bytes((long) (wire / Math.max(0.001, seconds))) + "/s on the wire";
        if (sink.isLive()) {
            sink.moment(line);
        } else {
            sink.info(line);
        }
    }

    @Override
    public void uploaded(String host, UploadReport report, long millis) {
        sink.moment("");
        if (report.repaired() > 0) {
            sink.warn(host + ": " + count(report.repaired(), "path")
                    + " had been changed on the host since the last deploy, and came anew");
        }
        if (report.cloned().equals("refused")) {
            say(host, "the host refuses hard links, so what is unchanged was sent as well");
        }
        sink.debug(host + ": uploaded in " + seconds(millis) + ", clone by " + report.cloned());
    }

    @Override
    public void hook(String host, String command) {
        say(host, "$ " + Printable.line(command));
    }

    @Override
    public void hookOutput(String host, String line) {
        say(host, "  " + Printable.line(line));
    }

    @Override
    public void drift(String what) {
        sink.warn(what);
    }

    @Override
    public void barrier(String release, int hosts) {
        if (hosts > 1) {
            sink.info("All " + hosts + " hosts are ready for " + release);
        }
    }

    @Override
    public void batch(int number, int of, List<String> hosts) {
        sink.info("Batch " + number + " of " + of + ": "
                + (hosts.size() > 8 ? hosts.size() + " hosts" : String.join(", ", hosts)));
    }

    @Override
    public void activated(String host, String release) {
        sink.debug(host + ": " + release + " is current");
    }

    @Override
    public void way(String host, String way) {
        if (way.equals("reload nothing")) {
            sink.debug(host + ": will " + way);
        } else {
            say(host, "will " + Printable.line(way));
        }
    }

    @Override
    public void previewed(String host, String release, String seen) {
        say(host, "before it is activated, " + release + " answers: " + Printable.line(seen));
    }

    @Override
    public void reloaded(String host, String how, long millis) {
        if (how.equals("nothing to reload") || how.startsWith("no reload")) {
            sink.debug(host + ": " + how);
        } else {
            say(host, how + " (" + seconds(millis) + ")");
        }
    }

    @Override
    public void healthy(String host, int attempts, long millis) {
        say(host, "healthy after " + count(attempts, "attempt") + " (" + millis + " ms)");
    }

    @Override
    public void proved(String host, String seen) {
        say(host, Printable.line(seen));
    }

    @Override
    public void undoing(String host, String why) {
        sink.warn(host + ": undoing, because " + why);
    }

    @Override
    public void undone(String host, String current) {
        sink.warn(host + ": "
                + (current.isEmpty() ? "there is no current release again" : current + " is current again"));
    }

    @Override
    public void undoFailed(String host, String why) {
        sink.warn(host + ": UNDOING FAILED: " + why);
    }

    @Override
    public void removed(String host, List<String> releases) {
        say(host, "removed " + String.join(", ", releases));
    }

    @Override
    public void stillUsed(String host, String release, String process) {
        say(host, "kept " + release + ", because process " + process + " uses it");
    }

    @Override
    public void plan(String host, List<String> steps) {
        steps.forEach(step -> say(host, "would " + Printable.line(step)));
    }

    @Override
    public void end(DeployResult result) {
        sink.moment("");
        if (!(result instanceof DeployResult.Success)) {
            return;
        }
        for (HostOutcome host : result.hosts()) {
            if (host.outcome() == HostOutcome.Outcome.SKIPPED) {
                continue;
            }
            String was = host.previous().isEmpty() ? "" : " (was " + host.previous() + ")";
            String files = result.action().equals(Deployer.ACTION)
                    ? ": " + count(host.filesSent(), "file") + " sent, " + count(host.filesReused()) + " reused of "
                            + count(host.filesTotal()) + ", " + bytes(host.bytesSent()) + " on the wire"
                    : "";
            say(host.host(), host.current() + " is live" + was + files);
            String phases = host.phases().entrySet().stream()
                    .map(phase -> phase.getKey().word() + " " + seconds(phase.getValue()))
                    .collect(Collectors.joining(", "));
            say(host.host(), phases + "; in all " + seconds(result.millis()));
        }
        result.hosts().stream()
                .filter(host -> host.outcome() == HostOutcome.Outcome.SKIPPED)
                .forEach(host -> sink.warn(host.host() + ": SKIPPED, because " + host.message()
                        + "; it serves what it did, and the next deploy brings it up to date"));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }

    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        String[] units = {"kB", "MB", "GB", "TB"};
        int unit = -1;
        do {
            value /= 1000;
            unit++;
        } while (value >= 999.95 && unit < units.length - 1);
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
