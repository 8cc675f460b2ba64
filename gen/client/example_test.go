package plaza_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"golang.org/x/oauth2"

	plaza "github.com/plaza-api/plaza/gen/client"
)

// connect returns a client that is signed in by a token: PLAZA_TOKEN=$(plaza token).
func connect() *plaza.API {
	token := &oauth2.Token{AccessToken: os.Getenv("PLAZA_TOKEN")}
	p, err := plaza.New(os.Getenv("PLAZA_URL"), plaza.WithTokenSource(oauth2.StaticTokenSource(token)))
	if err != nil {
		log.Fatal(err)
	}
	return p
}

func Example() {
	ctx := context.Background()
	p := connect()

	user, err := p.Users.Create(ctx, plaza.UserSignUp{
		Name: "ann lee", Email: "ann@example.com", Age: 34, Tags: []string{"go", "Climbing"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Name, user.Tags)

	user, err = p.Users.Update(ctx, user.ID, plaza.UserPatch{Age: new(35)}, plaza.IfVersion(user.Version))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Age)

	if err := p.Users.Delete(ctx, user.ID); err != nil {
		log.Fatal(err)
	}
	_, err = p.Users.Get(ctx, user.ID)
	if _, ok := errors.AsType[*plaza.NotFoundError](err); ok {
		fmt.Println("gone")
	}
	// Output:
	// Ann Lee [go climbing]
	// 35
	// gone
}

// A service signs in by the secret of its client, which an admin has registered.
func ExampleClientCredentials() {
	ctx := context.Background()
	registered, err := connect().Clients.Create(ctx, plaza.ClientCreate{
		Name: "Night Report", Kind: plaza.ClientKindService, Scopes: []string{"users:read"},
	})
	if err != nil {
		log.Fatal(err)
	}

	id, secret := registered.Client.ID, registered.ClientSecret
	p, err := plaza.New(os.Getenv("PLAZA_URL"), plaza.ClientCredentials(id, secret, "users:read"))
	if err != nil {
		log.Fatal(err)
	}
	people, err := p.Users.ListPage(ctx, plaza.ListUsersParams{Tag: "nobody_has_this"})
	fmt.Println(people.Total, err)
	// Output: 0 <nil>
}

// A list asks for page after page as the loop goes on.
func ExampleUsers_List() {
	ctx := context.Background()
	p := connect()
	for _, name := range []string{"bo ek", "cy dow"} {
		_, err := p.Users.Create(ctx, plaza.UserSignUp{
			Name: name, Email: name[:2] + "@example.com", Age: 28, Tags: []string{"chess"},
		})
		if err != nil {
			log.Fatal(err)
		}
	}

	for user, err := range p.Users.List(ctx, plaza.ListUsersParams{Tag: "chess"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Name)
	}
	// Output:
	// Cy Dow
	// Bo Ek
}

func ExampleUsers_CreateMany() {
	results, err := connect().Users.CreateMany(context.Background(), plaza.UserBatch{Users: []plaza.UserCreate{
		{Name: "Di Fox", Email: "di@example.com", Age: 41},
		{Name: "R2D2", Email: "r2d2@example.com", Age: 41},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range results.Results {
		if result.Problem != nil {
			fmt.Println(result.Status, result.Problem.Errors[0].Detail)
			continue
		}
		fmt.Println(result.Status, result.User.Name)
	}
	// Output:
	// 201 Di Fox
	// 422 Name cannot contain numbers
}

// The patch is made of what is stored, anew if somebody else was faster.
func ExampleUsers_UpdateWith() {
	ctx := context.Background()
	p := connect()
	user, err := p.Users.Create(ctx, plaza.UserSignUp{Name: "Eve Ray", Email: "eve@example.com", Age: 50})
	if err != nil {
		log.Fatal(err)
	}

	user, err = p.Users.UpdateWith(ctx, user.ID, func(u plaza.User) (plaza.UserPatch, error) {
		return plaza.UserPatch{Age: new(u.Age + 1)}, nil
	})
	fmt.Println(user.Age, err)
	// Output: 51 <nil>
}

// The same call under the same key has its effect once, whichever process makes it.
func ExampleWithIdempotencyKey() {
	ctx := context.Background()
	p := connect()
	author, err := p.Users.Create(ctx, plaza.UserSignUp{Name: "Flo Orr", Email: "flo@example.com", Age: 33})
	if err != nil {
		log.Fatal(err)
	}

	post := plaza.PostCreate{Title: "Hello", Content: "A first post.\n"}
	for range 2 {
		if _, err := p.Posts.Create(ctx, author.ID, post, plaza.WithIdempotencyKey("import-4711")); err != nil {
			log.Fatal(err)
		}
	}
	posts, err := plaza.Collect(p.Posts.ListByUser(ctx, author.ID))
	fmt.Println(len(posts), err)
	// Output: 1 <nil>
}

// What is wrong is told by field, ready for a form.
func ExampleValidationError() {
	_, err := connect().Users.Create(context.Background(), plaza.UserSignUp{Name: "R2D2", Email: "r2@example.com", Age: 12})
	if invalid, ok := errors.AsType[*plaza.ValidationError](err); ok {
		fmt.Println(invalid.Fields()["/name"], invalid.Fields()["/age"])
	}
	// Output: [Name cannot contain numbers] [must be at least 13]
}

// Whatever fails is an Error, with the sort of problem and the id by which the server's log has it.
func ExampleError() {
	_, err := connect().Posts.Get(context.Background(), 4711)
	if failed, ok := errors.AsType[*plaza.Error](err); ok {
		fmt.Println(failed.Operation, failed.Status, failed.Type == plaza.ProblemTypeNotFound, failed.RequestID != "")
	}
	// Output: getPost 404 true true
}

// Who changes a version that is no longer there gets the one that is.
func ExampleStaleVersionError() {
	ctx := context.Background()
	p := connect()
	read, err := p.Users.Create(ctx, plaza.UserSignUp{Name: "Gil Ash", Email: "gil@example.com", Age: 60})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := p.Users.Update(ctx, read.ID, plaza.UserPatch{Age: new(61)}, plaza.IfAnyVersion()); err != nil {
		log.Fatal(err)
	}

	_, err = p.Users.Update(ctx, read.ID, plaza.UserPatch{Name: new("Gil Oak")}, plaza.IfVersion(read.Version))
	if current, ok := plaza.Current[plaza.User](err); ok {
		fmt.Println("now", current.Age, "in version", current.Version)
	}
	// Output: now 61 in version 2
}
