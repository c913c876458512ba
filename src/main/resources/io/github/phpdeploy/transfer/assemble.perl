# assemble.perl MANIFEST CTL: in a staging area, puts files together under in/ of chunks of files under tree/, which MANIFEST
# tells, and of what has arrived under fresh/. CTL/recipes says how, a line each:
#   F <number> <x|-> TAB <path>   the next file; what is new of it stands in fresh/<number>
#   S <path>                      the file that the next rows come from
#   R <first> <count>             so many of its chunks in a row, counted from 0
#   N <digests> <lengths>         new chunks, seven characters and four hexadecimal digits each
# Writes the manifest's lines of their chunks to CTL/chunks. A file that cannot be put together is left out. The scripts
# assemble.php and assemble.python3 do the same.
use strict;
use warnings;

my ($manifest, $ctl) = @ARGV;
open(my $recipes, '<', "$ctl/recipes") or die "$ctl/recipes: $!\n";
my @lines = <$recipes>;
chomp @lines;
my $time = (stat $recipes)[9];
my %sources = map { /^S (.*)/s ? ($1 => undef) : () } @lines;
open(my $entries, '<', $manifest) or die "$manifest: $!\n";
while (<$entries>) {
    next unless /^c (\S+) (\S+)\t(.*)\n/s && exists $sources{$3};
    my ($digests, $lengths, $path) = ($1, $2, $3);
    my @offsets = (0);
    push @offsets, $offsets[-1] + hex for unpack '(A4)*', $lengths;
    $sources{$path} = [$digests, $lengths, \@offsets];
}
open(my $list, '>', "$ctl/chunks") or die "$ctl/chunks: $!\n";

my ($out, $fresh, $in, $source, $path, $executable, $digests, $lengths, $whole);

sub copy {
    my ($from, $left) = @_;
    while ($left > 0 && $whole) {
        my $got = $from ? read($from, my $bytes, $left < 1048576 ? $left : 1048576) : 0;
        $whole = $got && print {$out} $bytes;
        $left -= $got || 0;
    }
}

sub finish {
    return unless defined $path;
    $whole = close($out) && $whole if $out;
    print {$list} "c $digests $lengths\t$path\n";
    if ($whole) {
        chmod($executable eq 'x' ? 0755 : 0644, "in/$path");
        utime($time, $time, "in/$path");
    } else {
        unlink "in/$path";
    }
}

for (@lines) {
    if (/^F (\d+) (.)\t(.*)/s) {
        my $number = $1;
        finish();
        ($executable, $path, $digests, $lengths) = ($2, $3, '', '');
        my $made = 'in';
        my @directories = split m{/}, $path;
        pop @directories;
        for (@directories) {
            $made .= "/$_";
            mkdir $made;
        }
        undef $out;
        undef $fresh;
        $whole = open($out, '>:raw', "in/$path") && open($fresh, '<:raw', "fresh/$number");
    } elsif (/^S (.*)/s) {
        $source = $sources{$1};
        undef $in;
        $whole = 0 unless open($in, '<:raw', "tree/$1");
    } elsif (/^R (\d+) (\d+)/) {
        my ($first, $count) = ($1, $2);
        die "$manifest: no chunks\n" unless $source;
        my $offset = $source->[2][$first];
        $digests .= substr $source->[0], $first * 7, $count * 7;
        $lengths .= substr $source->[1], $first * 4, $count * 4;
        $whole = 0 unless $in && seek $in, $offset, 0;
        copy($in, $source->[2][$first + $count] - $offset);
    } elsif (/^N (\S+) (\S+)/) {
        $digests .= $1;
        $lengths .= $2;
        my $size = 0;
        $size += hex for unpack '(A4)*', $2;
        copy($fresh, $size);
    }
}
finish();
close($list) or die "$ctl/chunks: $!\n";
