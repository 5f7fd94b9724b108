using Haetae.Cli.Commands;

return await HaetaeCommand.RunAsync(args, Console.Out, Console.Error);
