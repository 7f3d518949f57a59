using System.Globalization;
using RtpCluster.Fuzz;

// Fuzz <target|all> <iterations> [seed]
// Exit code 0: nothing escaped. 1: an exception did; the line shows the target and the seed that repeats it with 1 iteration. 2: wrong usage.
if (args.Length is < 2 or > 3 || !long.TryParse(args[1], CultureInfo.InvariantCulture, out long iterations) || iterations <= 0)
{
    return Usage();
}

ulong seed = 1;
if (args.Length == 3 && !ulong.TryParse(args[2], CultureInfo.InvariantCulture, out seed))
{
    return Usage();
}

var chosen = TargetTable.All.Where(target => args[0] == "all" || target.Name == args[0]).ToArray();
if (chosen.Length == 0)
{
    return Usage();
}

bool clean = true;
foreach (var target in chosen)
{
    clean &= Runner.Run(target, iterations, seed);
}

return clean ? 0 : 1;

static int Usage()
{
    Console.Error.WriteLine("usage: Fuzz <target|all> <iterations> [seed]");
    Console.Error.WriteLine($"targets: {string.Join(' ', TargetTable.All.Select(target => target.Name))}");
    return 2;
}
